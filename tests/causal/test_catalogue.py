"""Merging causal models by entity type."""

from __future__ import annotations

from causely_core.causal import Catalogue
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
