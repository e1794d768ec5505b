"""The YAML language of causal models: what is read, and what is said of what cannot be."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.causal import ModelError, parse_models
from causely_core.model import CausalModel, Effect, Propagation, RootCauseSpec, SymptomSpec

WHOLE = """\
entity: Service
symptoms:
  Slow_High: {description: It is slow., leak: 0.02, miss: 0.3}
  Plain_High: {description: With defaults.}
root_causes:
  Tired:
    prior: 0.003
    category: code
    description: It needs a rest.
    effects: {Slow_High: 0.9}
    remediation: [Let it rest.]
propagates:
  - {symptom: Slow_High, along: calls, direction: inverse, to: '*', mode: sync, effect: Plain_High, probability: 0.5}
---
entity: Disk
"""
LINES = st.sampled_from([*WHOLE.splitlines(), "symptoms: [", "  x: *a", "&a", "? - !!t {", '"\\UFFFFFFFF"', "%YAML 9"])


def test_a_whole_model_is_read():
    service, disk = parse_models(WHOLE, "shop.yaml")
    assert disk == CausalModel("Disk")
    assert service == CausalModel(
        "Service",
        (SymptomSpec("Slow_High", "It is slow.", 0.02, 0.3), SymptomSpec("Plain_High", "With defaults.", 0.01, 0.1)),
        (RootCauseSpec("Tired", 0.003, "code", "It needs a rest.", (Effect("Slow_High", 0.9),), ("Let it rest.",)),),
        (Propagation("Slow_High", "calls", True, "*", Effect("Plain_High", 0.5), "sync"),),
    )


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("entity: Disk", "entty: Disk", "15: unknown key 'entty', did you mean 'entity'?"),
        ("entity: Disk", "symptoms: {}", "15: 'entity' is missing"),
        ("entity: Disk", "entity: ~", "15: expected a text, got nothing"),
        ("entity: Disk", "[]", "15: expected a mapping of names to values, got a list"),
        ("leak: 0.02", "leak: 0", "3: expected a probability above 0 and below 1, got '0'"),
        ("leak: 0.02", "leak: often", "3: expected a probability above 0 and below 1, got 'often'"),
        ("miss: 0.3", "miss: .nan", "3: expected a probability above 0 and below 1, got '.nan'"),
        ("  Plain_High:", "  Slow_High:", "4: 'Slow_High' is given twice"),
        ("{description: With defaults.}", "", "4: expected a mapping of names to values, got nothing"),
        ("category: code", "category: cod", "8: 'cod' is not known, did you mean 'code'?"),
        ("category: code", "category: luck", "8: 'luck' is not known, known are resource, code, config"),
        ("{Slow_High: 0.9}", "{}", "10: 'Tired' has no effects; a cause that shows nothing cannot be found"),
        ("[Let it rest.]", "Let it rest.", "11: expected a list, got 'Let it rest.'"),
        ("inverse", "backwards", "13: 'backwards' is not known, known are forward, inverse"),
        ("probability: 0.5", "probability: 1.5", "13: expected a probability above 0 and below 1, got '1.5'"),
        ("to: '*'", "to: [a]", "13: expected a text, got a list"),
        ("root_causes:", "root_causes: *x", "5: not YAML: found undefined alias 'x'"),
        ("It is slow.", "It is \0 slow.", "3: not YAML: special characters are not allowed: "),
        ("It is slow.", '"\\UFFFFFFFF"', "3: not YAML that can be read: "),
        ("It is slow.", "[" * 3_000, "3: not YAML that can be read: nested too deeply"),
    ],
)
def test_a_complaint_names_file_line_and_what_would_be_right(old, new, complaint):
    with pytest.raises(ModelError, match=f"^{re.escape(f'shop.yaml:{complaint}')}"):
        parse_models(WHOLE.replace(old, new, 1), "shop.yaml")


@pytest.mark.parametrize("text", ["", " \n", "# nothing but a comment\n"])
def test_a_file_without_a_model_is_wrong(text):
    with pytest.raises(ModelError, match=r"^shop\.yaml:1: no causal model"):
        parse_models(text, "shop.yaml")


@given(st.one_of(st.text(), st.lists(LINES).map("\n".join), st.text("-:[]{}&*!%|>'\"\\#?,@` \n\tUa0~")))
def test_any_text_is_read_or_refused_in_one_line_that_says_where(text):
    assert re.fullmatch(r"read|any\.yaml:\d+: .+", _said_of(text))


def _said_of(text):
    try:
        parse_models(text, "any.yaml")
    except ModelError as problem:
        return str(problem)
    return "read"
