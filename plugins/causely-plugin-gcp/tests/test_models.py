"""Each root cause is found by what it shows, and none is taken for what ails others."""

from functools import cache
from importlib.resources import files
from pathlib import Path

import causely_plugin_gcp
import pytest

from causely_core.causal import Catalogue, build_graph, diagnose, parse_models
from causely_core.model import WATCHED, Baseline, Entity, Relation, Symptom, ThresholdSource

NOW = 1000.0
OWN = Path(causely_plugin_gcp.__file__).parent / "causal"
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


def diagnosed(shown, relations=(), watched=True):
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


@pytest.mark.parametrize(("type", "cause"), CAUSES, ids=[cause.name for _, cause in CAUSES])
@pytest.mark.parametrize("watched", [True, False], ids=["all-is-judged", "little-is-judged"])
def test_what_it_shows_leads_to_it(type, cause, watched):
    assert diagnosed({f"{type}:gcp/one": symptoms_of(type, cause)}, watched=watched) == [
        (f"{type}:gcp/one", cause.name)
    ]


@pytest.mark.parametrize(("type", "cause"), CAUSES, ids=[cause.name for _, cause in CAUSES])
def test_its_own_symptom_alone_is_enough(type, cause):
    first = next(each.symptom for each in cause.effects)
    found = diagnosed({f"{type}:gcp/one": [first]}, watched=False)
    assert found == [(f"{type}:gcp/one", cause.name)]


@pytest.mark.parametrize(
    ("shown", "cause"),
    [
        ({"Database:postgresql/a": ["Reachability_Low", "RequestErrorRate_High"]}, "Unavailable"),
        ({"Database:postgresql/a": ["ConnectionsUtilization_High", "RequestErrorRate_High"]}, "ConnectionsExhausted"),
        ({"Disk:shop/data": ["DiskIOPS_High", "DiskIOLatency_High"]}, "IOPSCongested"),
        ({"Queue:rabbitmq/a": ["Backlog_Growing", "MessageAge_High"]}, "Backlogged"),
        ({"CloudService:s3": ["Throttled_High", "RequestErrorRate_High"]}, "QuotaExceeded"),
    ],
)
def test_what_is_not_of_google_has_the_causes_that_it_had(shown, cause):
    assert diagnosed(shown, watched=False) == [(next(iter(shown)), cause)]


def test_a_database_that_is_down_explains_who_calls_it():
    orders, web = "Database:gcp/one", "Service:shop/web"
    calls = Relation(web, "calls", orders, {"mode": "sync"})
    shown = {orders: ["CloudSQL_Down"], web: ["RequestErrorRate_High", "ClientRequestErrorRate_High"]}
    assert diagnosed(shown, [calls]) == [(orders, "CloudSQLDown")]


def test_a_subscription_that_nobody_reads_explains_the_lag_of_its_topic():
    topic, mails = "Topic:gcp/placed", "Queue:gcp/mails"
    shown = {topic: ["ConsumerLag_High"], mails: ["PubSub_OldestMessage"]}
    assert diagnosed(shown, [Relation(topic, "routes_to", mails)]) == [(mails, "PubSubUnacknowledged")]


def test_a_service_of_cloud_run_explains_the_load_balancer_before_it():
    web, run = "LoadBalancer:gcp/web", "CloudService:gcp/run"
    shown = {web: ["RequestLatency_High"], run: ["CloudRun_CPU", "RequestLatency_High"]}
    assert diagnosed(shown, [Relation(web, "routes_to", run)]) == [(run, "CloudRunCPU")]


def test_a_service_that_refuses_what_is_pushed_to_it_explains_the_messages_that_wait():
    mails, run = "Queue:gcp/mails", "CloudService:gcp/run"
    shown = {mails: ["PubSub_OldestMessage"], run: ["CloudRun_AtMax", "Throttled_High", "RequestErrorRate_High"]}
    assert diagnosed(shown, [Relation(run, "consumes_from", mails)]) == [(run, "CloudRunAtMax")]


def test_messages_wait_for_a_service_that_does_well_because_of_something_else():
    mails, run = "Queue:gcp/mails", "CloudService:gcp/run"
    shown = {mails: ["PubSub_OldestMessage"], run: []}
    assert diagnosed(shown, [Relation(run, "consumes_from", mails)]) == [(mails, "PubSubUnacknowledged")]
