"""What a root cause of ours shows leads to it, among all that the core knows."""

from pathlib import Path

import causely_plugin_aws
import pytest

from causely_core.causal import Catalogue, build_graph, diagnose
from causely_core.causal.model_file import read_models
from causely_core.model import WATCHED, Baseline, Entity, Symptom, ThresholdSource
from causely_core.testing.words import core_models

NOW = 1_700_000_000.0
FOLDER = Path(causely_plugin_aws.__file__).parent / "causal"
OURS = [model for path in sorted(FOLDER.glob("*.yaml")) for model in read_models(path.read_text(), path.name).models]
CATALOGUE = Catalogue.of([*core_models(), *OURS])
CAUSES = [(model.entity_type, cause.name) for model in OURS for cause in model.root_causes]


def shown(type, cause):
    """What it shows more often than not, that can be seen."""
    model = CATALOGUE.model(type)
    seen = {each.name for each in model.symptoms if each.observable}
    (found,) = (each for each in model.root_causes if each.name == cause)
    return [each.symptom for each in found.effects if each.symptom in seen and each.probability >= 0.6]


def symptom(entity, name):
    baseline = Baseline(0.0, 1.0, ThresholdSource.DEFAULT)
    return Symptom(entity, name, True, NOW - 60.0, NOW, 0.9, "", 10.0, baseline)


@pytest.mark.parametrize(("type", "cause"), CAUSES, ids=[f"{type}-{cause}" for type, cause in CAUSES])
def test_what_a_cause_shows_leads_to_it(type, cause):
    watched = " ".join(each.name for each in CATALOGUE.model(type).symptoms if each.observable)
    entity = Entity.of(type, "aws/1/eu-west-1/x/y", attributes={WATCHED: watched})
    graph = build_graph(CATALOGUE, {entity.id: entity}, [])
    told = [symptom(entity.id, name) for name in shown(type, cause)]
    found = diagnose(graph, {each.key: each for each in told}, NOW)
    assert [(each.cause, each.entity) for each in found.root_causes] == [(cause, entity.id)]
