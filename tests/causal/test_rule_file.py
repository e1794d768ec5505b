"""Paths: compiled to hidden states on the types on the way."""

from __future__ import annotations

import re
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.causal import Catalogue, ModelError, parse_models
from causely_core.causal.carrier import is_carrier
from causely_core.causal.model_file import read_models

PATH = """\
entity: Node
symptoms:
  Busy_High: {description: It is busy.}
propagates:
  - path:
      - {along: runs_on, direction: inverse, to: Container}
      - {along: part_of, direction: forward, to: Service, mode: sync}
    attenuation: 0.5
    effects:
      Busy_High: {Slow_High: 0.8, Errors_High: 0.2}
"""


def ends(models, start="Busy_High"):
    """What a state of the first type shows at the ends of its paths: type and symptom to probability."""
    catalogue, found = Catalogue.of(models), {}
    todo = [(models[0].entity_type, start, 1.0)]
    while todo:
        entity_type, state, so_far = todo.pop()
        for rule in catalogue.model(entity_type).propagations:
            if rule.symptom == state:
                reached = (rule.neighbour, rule.effect.symptom)
                if is_carrier(rule.effect.symptom):
                    todo.append((*reached, so_far * rule.effect.probability))
                else:
                    found[reached] = so_far * rule.effect.probability
    return found


def test_a_path_ends_with_its_effects_damped_by_every_relation_after_the_first():
    models = parse_models(PATH, "a.yaml")
    assert ends(models) == pytest.approx({("Service", "Slow_High"): 0.4, ("Service", "Errors_High"): 0.1})
    undamped = parse_models(PATH.replace("    attenuation: 0.5\n", ""), "a.yaml")
    assert ends(undamped)["Service", "Slow_High"] == pytest.approx(0.8)


def test_a_path_is_walked_by_one_hidden_state_on_each_type_between():
    container, node = Catalogue.of(parse_models(PATH, "a.yaml"))
    (first,) = node.propagations
    assert (first.relation, first.inverse, first.neighbour, first.mode) == ("runs_on", True, "Container", "")
    (carrier,) = container.symptoms
    assert (carrier.name, carrier.observable) == (first.effect.symptom, False)
    assert {rule.symptom for rule in container.propagations} == {carrier.name}
    assert {(rule.relation, rule.inverse, rule.mode) for rule in container.propagations} == {("part_of", False, "sync")}


def test_what_a_path_asks_of_other_types_has_its_place_in_the_file():
    read = read_models(PATH, "a.yaml")
    parts = [(model.entity_type, rule) for model in read.models for rule in model.propagations]
    assert {read.places[part] for part in parts} == {"a.yaml:10"}


def test_paths_over_the_same_types_do_not_mix():
    other = PATH[PATH.index("  - path:") :].replace("runs_on", "stores_on").replace("Slow_High", "Loss_High")
    models = parse_models(PATH + other.replace("attenuation: 0.5", "attenuation: 0.1"), "a.yaml")
    found = ends(models)
    assert (found["Service", "Slow_High"], found["Service", "Loss_High"]) == pytest.approx((0.4, 0.08))


def test_a_path_may_come_back_to_its_own_type():
    models = parse_models(PATH.replace("to: Container", "to: Node").replace("to: Service", "to: Node"), "a.yaml")
    assert ends(models)["Node", "Slow_High"] == pytest.approx(0.4)


@given(st.lists(st.sampled_from(["Pod", "Container", "Service", "Node"]), min_size=2, max_size=6), st.floats(0.01, 0.9))
def test_paths_of_any_length_damp_each_relation_after_the_first(types, damping):
    steps = "".join(f"      - {{along: r, direction: forward, to: {each}}}\n" for each in types)
    text = f"{PATH[: PATH.index('      -')]}{steps}{PATH[PATH.index('    att') :].replace('0.5', str(damping))}"
    expected = prod([0.8, *(damping for _ in types[1:])])
    assert ends(parse_models(text, "a.yaml"))[types[-1], "Slow_High"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("      - {along: runs_on, direction: inverse, to: Container}\n", "", "5: expected a path of two relations or"),
        ("path:", "path: []\n    x:", "6: unknown key 'x', known are path, effects, attenuation"),
        ("to: Service", "to: '*'", "7: expected one entity type; a path names the type at the end of each step"),
        ("to: Service", "to: [Service]", "7: expected one entity type; a path names the type at the end of each"),
        (", to: Container", "", "6: 'to' is missing"),
        ("direction: forward", "direction: up", "7: 'up' is not known, known are forward, inverse"),
        ("mode: sync", "effects: sync", "7: unknown key 'effects', known are along, direction, to, mode"),
        ("attenuation: 0.5", "attenuation: 1", "8: expected a probability above 0 and below 1, got '1'"),
        ("attenuation: 0.5", "along: calls", "8: unknown key 'along', known are path, effects, attenuation"),
        ("{Slow_High: 0.8, Errors_High: 0.2}", "{}", "10: expected an effect or more, got none"),
    ],
)
def test_a_complaint_about_a_path_names_its_line(old, new, complaint):
    assert old in PATH
    with pytest.raises(ModelError, match=f"^{re.escape(f'a.yaml:{complaint}')}"):
        parse_models(PATH.replace(old, new, 1), "a.yaml")
