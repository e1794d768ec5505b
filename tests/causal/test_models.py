"""The built-in causal models."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from causely_core.model import EntityType, RelationType

from .shop import catalogue

MODELS = list(catalogue())
EACH_MODEL = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.entity_type)
ATTRIBUTES = Path(__file__).parents[2] / "docs" / "attributes.md"


def test_every_symptom_is_declared_on_the_type_that_it_is_used_on():
    assert catalogue().undeclared() == []


@EACH_MODEL
def test_types_and_relations_are_ones_that_the_core_knows(model):
    known = {*EntityType, "*"}
    assert {model.entity_type, *(each.neighbour for each in model.propagations)} <= known
    assert {each.relation for each in model.propagations} <= set(RelationType)


@EACH_MODEL
def test_a_propagation_leads_to_a_symptom_that_its_neighbours_have(model):
    symptoms = {each.entity_type: {symptom.name for symptom in each.symptoms} for each in MODELS}
    for each in model.propagations:
        there = symptoms.values() if each.neighbour == "*" else [symptoms[each.neighbour]]
        assert any(each.effect.symptom in names for names in there), each


@EACH_MODEL
def test_every_symptom_is_in_the_table_of_attributes(model):
    detected = set(re.findall(r"\w+_(?:High|Low|Growing)", ATTRIBUTES.read_text()))
    assert {symptom.name for symptom in model.symptoms} <= detected


@EACH_MODEL
def test_every_cause_says_what_it_is_and_what_to_do(model):
    for cause in model.root_causes:
        assert all(text.endswith(".") for text in (cause.description, *cause.remediation)), cause.name
        assert cause.remediation, cause.name


@EACH_MODEL
def test_a_cause_shows_most_of_what_it_shows_above_chance(model):
    leaks = {symptom.name: symptom.leak for symptom in model.symptoms}
    for cause in model.root_causes:
        assert max(effect.probability for effect in cause.effects) >= 0.5, cause.name
        assert all(effect.probability > leaks[effect.symptom] for effect in cause.effects), cause.name
