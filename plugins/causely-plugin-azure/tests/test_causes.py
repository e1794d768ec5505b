"""Each root cause is found by what it shows, and none is taken for what ails others."""

from functools import cache
from importlib.resources import files
from pathlib import Path

import causely_plugin_azure
import pytest

from causely_core.causal import Catalogue, build_graph, diagnose, parse_models
from causely_core.model import WATCHED, Baseline, Entity, Relation, Symptom, ThresholdSource

NOW = 1000.0
OWN = Path(causely_plugin_azure.__file__).parent / "causal"
CORE = files("causely_core.causal") / "models"
LIKELY = 0.5
"""What a root cause does at least so often, it shows here."""


@cache
def models(folder):
    return [
        model
        for path in sorted(folder.iterdir(), key=lambda each: each.name)
        for model in parse_models(path.read_text(), path.name)
    ]


CAUSES = [(model.entity_type, cause) for model in models(OWN) for cause in model.root_causes]
NAMES = [f"{type}.{cause.name}" for type, cause in CAUSES]


def diagnosed(shown, relations=(), watched=False):
    """Root causes for symptoms by entity; unless ``watched``, none is judged for what it does not show."""
    catalogue = Catalogue.of([*models(CORE), *models(OWN)])
    judged = {model.entity_type: [symptom.name for symptom in model.symptoms] for model in catalogue}
    entities = {}
    for id, symptoms in shown.items():
        type, _, key = id.partition(":")
        names = judged[type] if watched else symptoms
        entities[id] = Entity.of(type, key, attributes={WATCHED: " ".join(names)})
    baseline = Baseline(1.0, 2.0, ThresholdSource.LEARNED)
    symptoms = [
        Symptom(id, name, True, NOW, NOW, 0.8, "any", 10.0, baseline, "test") for id in shown for name in shown[id]
    ]
    graph = build_graph(catalogue, entities, list(relations))
    found = diagnose(graph, {each.key: each for each in symptoms}, NOW)
    return [(cause.entity, cause.cause) for cause in found.root_causes]


def symptoms_of(type, cause):
    known = [each for model in [*models(CORE), *models(OWN)] if model.entity_type == type for each in model.symptoms]
    declared = {each.name for each in known if each.observable}
    return [each.symptom for each in cause.effects if each.probability >= LIKELY and each.symptom in declared]


@pytest.mark.parametrize(("type", "cause"), CAUSES, ids=NAMES)
@pytest.mark.parametrize("watched", [True, False], ids=["all-is-judged", "little-is-judged"])
def test_what_it_shows_leads_to_it(type, cause, watched):
    one = f"{type}:azure/one"
    assert diagnosed({one: symptoms_of(type, cause)}, watched=watched) == [(one, cause.name)]


@pytest.mark.parametrize(("type", "cause"), CAUSES, ids=NAMES)
def test_its_own_symptom_alone_is_enough(type, cause):
    one, first = f"{type}:azure/one", next(each.symptom for each in cause.effects)
    assert diagnosed({one: [first]}) == [(one, cause.name)]


@pytest.mark.parametrize(
    ("shown", "cause"),
    [
        ({"Database:postgresql/a": ["Reachability_Low", "RequestErrorRate_High"]}, "Unavailable"),
        ({"Database:postgresql/a": ["ConnectionsUtilization_High", "RequestErrorRate_High"]}, "ConnectionsExhausted"),
        ({"Disk:shop/data": ["DiskIOPS_High", "DiskIOLatency_High"]}, "IOPSCongested"),
        ({"Queue:rabbitmq/a": ["Backlog_Growing", "MessageAge_High"]}, "Backlogged"),
        ({"CloudService:s3": ["Throttled_High", "RequestErrorRate_High"]}, "QuotaExceeded"),
        ({"Cache:redis/a": ["Evictions_High", "MemoryUtilization_High"]}, "MemoryFull"),
        ({"Node:a": ["Readiness_Low"]}, "NotReady"),
    ],
)
def test_what_is_not_of_azure_has_the_causes_that_it_had(shown, cause):
    assert diagnosed(shown) == [(next(iter(shown)), cause)]


def test_an_account_that_is_throttled_explains_who_calls_it():
    carts, web = "Database:azure/carts", "Service:shop/web"
    shown = {carts: ["Throttled_High", "CapacityUtilization_High"], web: ["ClientRequestErrorRate_High"]}
    assert diagnosed(shown, [Relation(web, "calls", carts, {"mode": "sync"})]) == [(carts, "RequestUnitsExhausted")]


def test_a_plan_that_is_overloaded_explains_its_apps():
    plan, front = "CloudService:azure/plan", "CloudService:azure/front"
    shown = {plan: ["CPUUtilization_High", "HTTPQueue_High"], front: ["MeanLatency_High"]}
    assert diagnosed(shown, [Relation(front, "runs_on", plan)]) == [(plan, "PlanOverloaded")]


def test_an_issue_in_a_region_explains_all_that_is_there():
    region, orders, carts = "CloudService:azure/westeurope/sql", "Database:azure/orders", "Database:azure/carts"
    shown = {region: ["ServiceIssue_Reported"], orders: ["ResourceHealth_Bad"], carts: ["ResourceHealth_Bad"]}
    relations = [Relation(each, "part_of", region) for each in (orders, carts)]
    assert diagnosed(shown, relations) == [(region, "RegionalOutage")]


def test_a_namespace_that_throttles_explains_its_queues():
    bus, mail = "CloudService:azure/bus", "Queue:azure/mail"
    shown = {bus: ["Throttled_High", "CapacityUtilization_High"], mail: ["RequestErrorRate_High"]}
    assert diagnosed(shown, [Relation(mail, "part_of", bus)]) == [(bus, "NamespaceSaturated")]
