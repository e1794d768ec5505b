"""The built-in causal models."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from causely_core.detection import builtin_detectors
from causely_core.model import EntityType, RelationType

from .shop import catalogue

MODELS = list(catalogue())
EACH_MODEL = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.entity_type)
ATTRIBUTES = Path(__file__).parents[2] / "docs" / "attributes.md"


def test_every_symptom_is_declared_on_the_type_that_it_is_used_on():
    assert catalogue().undeclared() == []


@EACH_MODEL
def test_types_and_relations_are_ones_that_the_core_knows(model):
    abroad = [each for each in model.propagations if each.relation]
    assert {model.entity_type, *(each.neighbour for each in abroad)} <= {*EntityType, "*"}
    assert {each.relation for each in abroad} <= set(RelationType)


@EACH_MODEL
def test_a_propagation_leads_to_a_symptom_that_its_neighbours_have(model):
    symptoms = {each.entity_type: {symptom.name for symptom in each.symptoms} for each in MODELS}
    for each in model.propagations:
        there = symptoms.values() if each.neighbour == "*" else [symptoms[each.neighbour or model.entity_type]]
        assert any(each.effect.symptom in names for names in there), each


@EACH_MODEL
def test_every_symptom_is_in_the_table_with_what_shows_it_and_on_whom(model):
    rows = re.findall(r"^\| `(\w+_\w+)` \| `([\w.]+)` \| ([\w, ]+) \|$", ATTRIBUTES.read_text(), re.MULTILINE)
    told = {(name, attribute) for name, attribute, types in rows if model.entity_type in types.split(", ")}
    assert told == {(symptom.name, symptom.attribute) for symptom in _observable(model)}


@EACH_MODEL
def test_every_attribute_is_in_the_table_with_its_unit(model):
    rows = re.findall(r"^\| (`[^|]+) \| (?:1|1/s|s|By|\{cpu\}|share|percent) \|", ATTRIBUTES.read_text(), re.MULTILINE)
    measured = {name for row in rows for name in _attributes(row)}
    assert {symptom.attribute for symptom in _observable(model)} <= measured


@EACH_MODEL
def test_every_symptom_is_judged_by_the_detector_that_it_names(model):
    detectors = {detector.name: detector.symptoms for detector in builtin_detectors()}
    for symptom in _observable(model):
        assert detectors[symptom.detector] == {symptom.name: symptom.attribute}


def test_every_detector_judges_a_symptom_of_some_type():
    known = {symptom.name for model in MODELS for symptom in model.symptoms}
    assert {name for detector in builtin_detectors() for name in detector.symptoms} <= known


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


@EACH_MODEL
def test_priors_are_nearly_equal_so_that_evidence_decides(model):
    # Containers are many: what only one of those on a node has is rarer on each.
    least = 0.0003 if model.entity_type == EntityType.CONTAINER else 0.001
    assert all(least <= cause.prior <= 0.005 for cause in model.root_causes)


def _observable(model):
    return [symptom for symptom in model.symptoms if symptom.observable]


def _attributes(row):
    """The names in a cell such as "`a.avg`, `.p95`", in which the second means ``a.p95``."""
    names = re.findall(r"`([\w.]+)`", row)
    stem = names[0].rpartition(".")[0]
    return [stem + name if name.startswith(".") else name for name in names]
