"""The YAML language of causal models: what is read, and what is said of what cannot be."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.causal import ModelError, parse_models
from causely_core.causal.model_file import read_models
from causely_core.model import CausalModel, Effect, Propagation, RootCauseSpec, SymptomSpec

WHOLE = """\
entity: Service
symptoms:
  Slow_High: {description: It is slow., leak: 0.02, miss: 0.3, attribute: pace, detector: pace-high}
  Plain_High:
    description: With defaults.
    effects: {Slow_High: 0.4}
states:
  Starved: {description: It gets too little., effects: {Slow_High: 0.8, Plain_High: 0.2}}
root_causes:
  Tired:
    prior: 0.003
    category: code
    description: It needs a rest.
    effects: {Slow_High: 0.9, Starved: 0.5}
    remediation: [Let it rest.]
propagates:
  - {along: calls, direction: inverse, to: '*', mode: sync, effects: {Slow_High: {Plain_High: 0.5}}}
  - along: part_of
    direction: forward
    to: [Operation, Queue]
    effects:
      Starved: {Slow_High: 0.6}
---
entity: Disk
"""
LINES = st.sampled_from([*WHOLE.splitlines(), "symptoms: [", "  x: *a", "&a", "? - !!t {", '"\\UFFFFFFFF"', "%YAML 9"])


def local(state, effect, probability):
    return Propagation(state, "", False, "", Effect(effect, probability))


def test_a_whole_model_is_read():
    service, disk = parse_models(WHOLE, "shop.yaml")
    assert disk == CausalModel("Disk")
    assert service == CausalModel(
        "Service",
        (
            SymptomSpec("Slow_High", "It is slow.", 0.02, 0.3, "pace", "pace-high"),
            SymptomSpec("Plain_High", "With defaults.", 0.01, 0.1),
            SymptomSpec("Starved", "It gets too little.", observable=False),
        ),
        (
            RootCauseSpec(
                "Tired",
                0.003,
                "code",
                "It needs a rest.",
                (Effect("Slow_High", 0.9), Effect("Starved", 0.5)),
                ("Let it rest.",),
            ),
        ),
        (
            local("Plain_High", "Slow_High", 0.4),
            local("Starved", "Slow_High", 0.8),
            local("Starved", "Plain_High", 0.2),
            Propagation("Slow_High", "calls", True, "*", Effect("Plain_High", 0.5), "sync"),
            Propagation("Starved", "part_of", False, "Operation", Effect("Slow_High", 0.6)),
            Propagation("Starved", "part_of", False, "Queue", Effect("Slow_High", 0.6)),
        ),
    )


def test_every_part_has_the_place_where_it_is_written():
    read = read_models(WHOLE, "shop.yaml")
    service, places = read.models[0], read.places
    assert [places["Service", spec] for spec in service.symptoms] == ["shop.yaml:3", "shop.yaml:4", "shop.yaml:8"]
    assert places["Service", service.root_causes[0]] == "shop.yaml:10"
    assert places["Service", "Tired", Effect("Starved", 0.5)] == "shop.yaml:14"
    lines = [int(places["Service", rule].rpartition(":")[2]) for rule in service.propagations]
    assert lines == [6, 8, 8, 17, 22, 22]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("entity: Disk", "entty: Disk", "24: unknown key 'entty', did you mean 'entity'?"),
        ("entity: Disk", "symptoms: {}", "24: 'entity' is missing"),
        ("entity: Disk", "entity: ~", "24: expected a text, got nothing"),
        ("entity: Disk", "entity: a disk", "24: expected a name of letters, digits, '_', '-' and '.', got 'a disk'"),
        ("entity: Disk", "entity: '*'", "24: expected a name of letters, "),
        ("entity: Disk", "[]", "24: expected a mapping of names to values, got a list"),
        ("leak: 0.02", "leak: 0", "3: expected a probability above 0 and below 1, got '0'"),
        ("leak: 0.02", "leak: often", "3: expected a probability above 0 and below 1, got 'often'"),
        ("miss: 0.3", "miss: .nan", "3: expected a probability above 0 and below 1, got '.nan'"),
        ("attribute: pace, ", "", "3: 'detector' without 'attribute'; say which attribute it judges"),
        ("  Plain_High:", "  Slow_High:", "4: 'Slow_High' is given twice"),
        ("  Plain_High:", "  Pl>ain:1:", "4: expected a name of letters, "),
        ("    description: With defaults.\n", "", "4: 'description' is missing"),
        ("{Slow_High: 0.4}", "{Plain_High: 0.4}", "6: 'Plain_High' cannot be an effect of itself"),
        ("{Slow_High: 0.4}", "{}", "6: expected an effect or more, got none"),
        ("{Slow_High: 0.4}", "{Slow_High: 1}", "6: expected a probability above 0 and below 1, got '1'"),
        ("{Slow_High: 0.4}", "[Slow_High]", "6: expected a mapping of names to values, got a list"),
        ("  Starved: {desc", "  Slow_High: {desc", "8: 'Slow_High' is a symptom already; a hidden state needs a name"),
        ("  Starved: {desc", "  Starved: {leak: 0.1, desc", "8: unknown key 'leak', known are description, effects"),
        ("{Slow_High: 0.8, ", "{Starved: 0.8, ", "8: 'Starved' cannot be an effect of itself"),
        ("    prior: 0.003\n", "", "10: 'prior' is missing"),
        ("category: code", "category: cod", "12: 'cod' is not known, did you mean 'code'?"),
        ("category: code", "category: luck", "12: 'luck' is not known, known are resource, code, config"),
        ("{Slow_High: 0.9, Starved: 0.5}", "{}", "14: 'Tired' has no effects; a cause that shows nothing cannot"),
        ("[Let it rest.]", "Let it rest.", "15: expected a list, got 'Let it rest.'"),
        ("along: calls", "along: [calls]", "17: expected a text, got a list"),
        ("inverse", "backwards", "17: 'backwards' is not known, known are forward, inverse"),
        ("mode: sync", "mode: synch", "17: 'synch' is not known, did you mean 'sync'?"),
        ("0.5}}}", "1.5}}}", "17: expected a probability above 0 and below 1, got '1.5'"),
        ("{Plain_High: 0.5}", "0.5", "17: expected a mapping of names to values, got '0.5'"),
        ("{Plain_High: 0.5}", "{}", "17: expected an effect or more, got none"),
        ("{Slow_High: {Plain_High: 0.5}}", "{}", "17: expected a state or symptom that spreads, got none"),
        ("effects: {Slow_High: {P", "symptom: {Slow_High: {P", "17: unknown key 'symptom', known are along, direction"),
        ("    direction: forward\n", "", "18: 'direction' is missing"),
        ("[Operation, Queue]", "[]", "20: expected an entity type or a list of them, got an empty list"),
        ("[Operation, Queue]", "[Queue, Queue]", "20: 'Queue' is given twice"),
        ("[Operation, Queue]", "[Queue, '*']", "20: expected a name of letters, "),
        ("[Operation, Queue]", "{Queue: 1}", "20: expected a text, got a mapping"),
        ("root_causes:", "root_causes: *x", "9: not YAML: found undefined alias 'x'"),
        ("It is slow.", "It is \0 slow.", "3: not YAML: special characters are not allowed: "),
        ("It is slow.", '"\\UFFFFFFFF"', "3: not YAML that can be read: "),
        ("It is slow.", "[" * 3_000, "3: not YAML that can be read: nested too deeply"),
    ],
)
def test_a_complaint_names_file_line_and_what_would_be_right(old, new, complaint):
    assert old in WHOLE
    with pytest.raises(ModelError, match=f"^{re.escape(f'shop.yaml:{complaint}')}"):
        parse_models(WHOLE.replace(old, new, 1), "shop.yaml")


@pytest.mark.parametrize("text", ["", " \n", "# nothing but a comment\n"])
def test_a_file_without_a_model_is_wrong(text):
    with pytest.raises(ModelError, match=r"^shop\.yaml:1: no causal model"):
        parse_models(text, "shop.yaml")


@given(st.one_of(st.text(), st.lists(LINES).map("\n".join), st.text("-:[]{}&*!%|>'\"\\#?,@` \n\tUa0~")))
def test_any_text_is_read_or_refused_in_one_line_that_says_where(text):
    assert re.fullmatch(r"read|any\.yaml:\d+: .+", _said_of(text))


@given(st.data())
def test_a_model_with_any_line_lost_or_moved_is_read_or_refused_in_one_line(data):
    lines = WHOLE.splitlines()
    moved = lines.pop(data.draw(st.integers(0, len(lines) - 1)))
    if data.draw(st.booleans()):
        lines.insert(data.draw(st.integers(0, len(lines))), moved)
    assert re.fullmatch(r"read|any\.yaml:\d+: .+", _said_of("\n".join(lines)))


def _said_of(text):
    try:
        parse_models(text, "any.yaml")
    except ModelError as problem:
        return str(problem)
    return "read"
