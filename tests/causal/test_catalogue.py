"""Merging causal models by entity type."""

from __future__ import annotations

import pytest

from causely_core.causal import Catalogue
from causely_core.causal.model_file import read_models
from causely_core.model import CausalModel, Effect, Propagation, RootCauseSpec, SymptomSpec

SLOW = SymptomSpec("Slow_High", "Slow.", 0.01)


def cause(name, prior=0.1, symptom="Slow_High"):
    return RootCauseSpec(name, prior, "code", "Bad.", (Effect(symptom, 0.9),))


def spreads(probability, mode="", symptom="Slow_High"):
    return Propagation(symptom, "calls", True, "*", Effect("Slow_High", probability), mode)


def test_later_models_extend_and_replace_by_name():
    first = CausalModel("Service", (SLOW,), (cause("A"), cause("B")))
    second = CausalModel("Service", (SymptomSpec("Slow_High", "Slower.", 0.05),), (cause("B", 0.2), cause("C")))
    merged = Catalogue.of([first, second]).model("Service")
    assert merged.symptoms == second.symptoms
    assert merged.root_causes == (cause("A"), cause("B", 0.2), cause("C"))


def test_a_propagation_that_differs_in_its_probability_only_is_replaced():
    first = CausalModel("Service", propagations=(spreads(0.5), spreads(0.4, "sync")))
    merged = Catalogue.of([first, CausalModel("Service", propagations=(spreads(0.9),))]).model("Service")
    assert merged.propagations == (spreads(0.9), spreads(0.4, "sync"))


def test_types_are_sorted_and_an_unknown_type_is_empty():
    catalogue = Catalogue.of([CausalModel("Service"), CausalModel("Database")])
    assert [model.entity_type for model in catalogue] == ["Database", "Service"]
    assert catalogue.model("Toaster") == CausalModel("Toaster")


def test_symptoms_that_are_mentioned_and_not_declared_are_told():
    model = CausalModel("Service", (SLOW,), (cause("A", symptom="Slow_Hihg"),), (spreads(0.5, symptom="Else_Low"),))
    assert Catalogue.of([model]).undeclared() == [
        "Service.A: symptom 'Slow_Hihg' is not declared, did you mean 'Slow_High'?",
        "Service.propagates: symptom 'Else_Low' is not declared, known are Slow_High",
    ]


SHOP = """\
entity: Service
symptoms:
  Slow_High: {description: It is slow., attribute: pace, detector: pace-high}
states:
  Starved: {description: It gets too little., effects: {Slow_High: 0.5}}
  Lost: {description: It leads nowhere.}
root_causes:
  Tired: {prior: 0.003, category: code, description: It needs a rest., effects: {Starved: 0.9}}
propagates:
  - {along: calls, direction: inverse, to: '*', effects: {Slow_High: {Slow_High: 0.5}}}
  - path: [{along: part_of, direction: forward, to: Shelf}, {along: part_of, direction: forward, to: Disk}]
    effects: {Starved: {Slow_High: 0.5}}
---
entity: Disk
symptoms:
  Slow_High: {description: It is slow.}
"""
PACE = {"pace-high": {"Slow_High": "pace"}}


def problems(text, detectors=PACE):
    read = read_models(text, "shop.yaml")
    return Catalogue.of(read.models).problems(read.places, detectors)


def test_a_hidden_state_that_leads_nowhere_is_told_and_paths_are_not():
    assert [str(each) for each in problems(SHOP)] == ["shop.yaml:6: hidden state 'Lost' leads to no symptom"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("{Starved: 0.9}", "{Starve: 0.9}", "8: symptom 'Starve' is not declared, did you mean 'Starved'?"),
        ("effects: {Slow_High: 0.5}", "effects: {Slow: 0.5}", "5: symptom 'Slow' is not declared, did you mean 'Slow_"),
        ("{Slow_High: {Slow_", "{Slow: {Slow_", "10: symptom 'Slow' is not declared, did you mean 'Slow_High'?"),
        ("{Slow_High: {Slow_High", "{Slow_High: {Slo_High", "10: no type has a symptom 'Slo_High', did you mean 'Slow"),
        ("to: '*'", "to: Dsk", "10: there is no causal model of 'Dsk', did you mean 'Disk'?"),
        (
            "Starved: {Slow_High",
            "Starved: {Slo_High",
            "12: Disk does not have a symptom 'Slo_High', did you mean 'Slow",
        ),
        ("along: calls", "along: cals", "10: relation 'cals' is not known, did you mean 'calls'?"),
        (
            "detector: pace-high",
            "detector: pace-hi",
            "3: no detector 'pace-hi' is installed, did you mean 'pace-high'?",
        ),
        ("attribute: pace,", "attribute: race,", "3: detector 'pace-high' judges 'pace', not 'race'"),
    ],
)
def test_what_is_most_often_a_typing_error_is_a_warning_with_its_line(old, new, complaint):
    assert old in SHOP
    found = [each for each in problems(SHOP.replace(old, new, 1)) if str(each).startswith(f"shop.yaml:{complaint}")]
    assert [each.fatal for each in found] == [False]


def test_detectors_are_checked_only_when_they_are_known():
    assert len(problems(SHOP, {"pace-high": {"Fast_Low": "pace"}})) == 3
    assert len(problems(SHOP, None)) == 1
    (wrong, unseen) = (str(each) for each in problems(SHOP, {"pace-high": {"Fast_Low": "pace"}})[1:])
    assert wrong == "shop.yaml:16: no installed detector judges 'Slow_High'"
    assert unseen == "shop.yaml:3: detector 'pace-high' does not judge 'Slow_High', it judges Fast_Low"


def test_a_cause_that_nothing_shows_is_an_error():
    (fatal,) = (each for each in problems(SHOP.replace("{Starved: 0.9}", "{Lost: 0.9}")) if each.fatal)
    assert str(fatal) == (
        "shop.yaml:8: root cause 'Tired' leads to no symptom that can be observed; it can never be found"
    )


def test_a_cause_may_show_at_the_end_of_a_path_only():
    hidden_here = SHOP.replace("description: It gets too little., effects: {Slow_High: 0.5}", "description: So.")
    assert not [each for each in problems(hidden_here) if each.fatal]
    without_disk = hidden_here[: hidden_here.index("---")]
    assert [each.fatal for each in problems(without_disk) if "Tired" in each.text] == [True]


def test_a_problem_without_a_file_names_the_part():
    model = CausalModel("Service", (SymptomSpec("Hidden", "So.", observable=False),), (cause("A", symptom="Hidden"),))
    assert {each.where for each in Catalogue.of([model]).problems({})} == {"Service.A", "Service.Hidden"}
