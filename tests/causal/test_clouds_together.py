"""Causal models of all clouds together: each cause is found by what it shows, and what is no cloud's keeps its own."""

from functools import cache
from importlib.resources import files

import pytest

from causely_core.causal import Catalogue, build_graph, diagnose, parse_models
from causely_core.model import WATCHED, Baseline, Entity, Symptom, ThresholdSource

NOW = 1000.0
LIKELY = 0.5
ALIKE = {"StorageLimited": "StorageThrottled"}
"""Azure's word, and AWS's for the same: a database that asks more of its storage than it may."""
CLOUDS = ("aws", "azure", "gcp")
CORE = files("causely_core.causal") / "models"


@cache
def models(folder):
    found = sorted(folder.iterdir(), key=lambda each: each.name)
    return tuple(model for path in found for model in parse_models(path.read_text(), path.name))


def of_cloud(cloud):
    return models(files(f"causely_plugin_{cloud}") / "causal")


CORES = models(CORE)
ALL = (*CORES, *(model for cloud in CLOUDS for model in of_cloud(cloud)))
TOUCHED = {model.entity_type for model in ALL[len(CORES) :]}


def observed(known, type):
    return {each.name for model in known if model.entity_type == type for each in model.symptoms if each.observable}


def shown_by(known, type, cause):
    declared = observed(known, type)
    return sorted({each.symptom for each in cause.effects if each.probability >= LIKELY and each.symptom in declared})


def first_cause(known, type, names, watched):
    id = f"{type}:one"
    entity = Entity.of(type, "one", attributes={WATCHED: " ".join(sorted(watched))})
    baseline = Baseline(1.0, 2.0, ThresholdSource.LEARNED)
    symptoms = [Symptom(id, name, True, NOW, NOW, 0.8, "any", 10.0, baseline, "test") for name in names]
    graph = build_graph(Catalogue.of(list(known)), {id: entity}, [])
    found = diagnose(graph, {each.key: each for each in symptoms}, NOW)
    return next((cause.cause for cause in found.root_causes), "")


def causes(known):
    return [(model.entity_type, cause) for model in known for cause in model.root_causes]


@pytest.mark.parametrize(
    ("type", "cause"),
    [each for each in causes(CORES) if each[0] in TOUCHED],
    ids=lambda each: getattr(each, "name", each),
)
def test_what_is_no_clouds_keeps_its_causes(type, cause):
    names, watched = shown_by(CORES, type, cause), observed(CORES, type)
    assert first_cause(ALL, type, names, watched) == first_cause(CORES, type, names, watched)


@pytest.mark.parametrize(
    ("cloud", "type", "cause"),
    [(cloud, *each) for cloud in CLOUDS for each in causes(of_cloud(cloud))],
    ids=lambda each: getattr(each, "name", each),
)
def test_what_a_clouds_cause_shows_leads_to_it_beside_all_others(cloud, type, cause):
    known = (*CORES, *of_cloud(cloud))
    names, watched = shown_by(known, type, cause), observed(known, type)
    assert first_cause(ALL, type, names, watched) in (cause.name, ALIKE.get(cause.name))
