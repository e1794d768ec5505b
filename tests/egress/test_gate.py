"""Only what is listed crosses the boundary, bounded, redacted and recorded."""

import math

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from causely_core.egress import EgressGate, EgressPolicy, EvidencePolicy, Ledger, read_ledger
from causely_core.egress.split import STRIDE
from causely_core.model import (
    Baseline,
    Entity,
    Evidence,
    EvidenceItem,
    EvidenceRequest,
    Manifestation,
    ManualClock,
    Observation,
    ObservationBatch,
    Relation,
    Series,
    Symptom,
    SymptomDelta,
    ThresholdSource,
    Topology,
    TopologyDelta,
    entity_id,
)

PERSON = entity_id("Queue", "orders-of-jane@example.com")


def gate_in(path, **policy):
    return EgressGate(EgressPolicy(**policy), Ledger(path), "analyzer:50055", ManualClock(100.0))


@pytest.fixture
def gate(tmp_path):
    gate = gate_in(tmp_path)
    yield gate
    gate.ledger.close()


def symptom(entity, **changes):
    baseline = Baseline(math.nan, 1.0, ThresholdSource.DEFAULT)
    said = Symptom(entity, "RequestLatency_High", True, 1.0, 2.0, 0.5, "request_duration.p95", 3.0, baseline)
    return evolve(said, **changes)


def one(parts):
    assert len(parts) == 1
    return parts[0]


def topology(*entities, **kwargs):
    return TopologyDelta("mediator/otlp", kwargs.pop("version", 1), tuple(entities), **kwargs)


def test_only_listed_attributes_cross_and_the_rest_is_counted(gate, tmp_path):
    attributes = {
        "service.name": "api",
        "k8s.namespace.name": "shop",
        "k8s.pod.label.owner": "jane",
        "causely.io/latency-threshold": "200",
        "db.query.text": "SELECT 1",
    }
    delta = one(gate.topology(topology(Entity.of("Service", "api", attributes=attributes))))
    assert set(delta.entities[0].attributes) == {
        "service.name",
        "k8s.namespace.name",
        "causely.io/latency-threshold",
    }
    line = read_ledger(tmp_path)[0]
    assert line.drops == {"k8s.pod.label.owner": 1, "db.query.text": 1}
    assert line.attributes == ("causely.io/latency-threshold", "k8s.namespace.name", "service.name")
    assert (line.time, line.direction, line.kind, line.destination) == (
        100.0,
        "out",
        "topology",
        "analyzer:50055",
    )
    assert line.items == {"Service": 1, "deleted": 0}
    assert line.bytes > 0


def test_the_operator_can_allow_more(tmp_path):
    gate = gate_in(tmp_path, extra_attributes=["team"])
    delta = one(gate.topology(topology(Entity.of("Service", "api", attributes={"team": "red"}))))
    assert delta.entities[0].attributes == {"team": "red"}


def test_relations_still_meet_and_symptoms_still_match(gate):
    relation = Relation(entity_id("Service", "api"), "produces_to", PERSON, {"mode": "async", "user": "jane"})
    service = Entity.of("Service", "api")
    found = one(gate.topology(topology(service, Entity.of("Queue", PERSON[6:]), relations=(relation,))))
    said = one(gate.symptoms(SymptomDelta("mediator", (Manifestation(symptom(PERSON)),))))
    queue = found.entities[1].id
    assert "jane" not in repr((found, said))
    assert found.relations[0].target == queue == said.manifestations[0].symptom.entity
    assert found.relations[0].attributes == {"mode": "async"}
    assert found.entities[1].type == "Queue"


def test_what_is_hidden_of_an_entity_is_hidden_in_the_dependencies_on_it(tmp_path):
    gate = gate_in(tmp_path, redact_ips=True)
    caller = Entity.of("Service", "red/app-of-jane@example.com", "app-of-jane@example.com")
    callees = (
        Entity.of("Database", "pg/10.1.2.3:5432/joe@example.com", "joe@example.com"),
        Entity.of("ExternalService", "https://me:hunter2secret@example.com/?token=abcdef"),
        Entity.of("Cache", "redis/4111 1111 1111 1111"),
        Entity.of("Service", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"),
    )
    for callee in callees:
        asked = Entity.of("Dependency", f"{caller.id[8:]} > {callee.id}", f"{caller.name} > {callee.name}")
        calls = Relation(asked.id, "calls", callee.id, {"mode": "sync"})
        found = one(gate.topology(topology(caller, callee, asked, relations=(calls,))))
        by, of, edge = found.entities
        assert (edge.id, edge.type) == (f"Dependency:{by.id[8:]} > {of.id}", "Dependency")
        assert edge.name == f"{by.name} > {of.name}"
        assert (found.relations[0].source, found.relations[0].target) == (edge.id, of.id)
        assert gate.original(edge.id) == asked.id
        assert not any(hidden in repr(found) for hidden in ("jane", "joe", "10.1", "hunter2", "abcdef", "4111", "9f86"))


def test_a_dependency_between_long_names_stays_one_of_a_kind(gate):
    keys = [f"{'x' * 255} > Service:{'y' * 254}{last}" for last in "ab"]
    asked = [Entity.of("Dependency", key) for key in keys]
    calls = [Relation(each.id, "calls", entity_id("Service", "cart")) for each in asked]
    found = one(gate.topology(topology(*asked, relations=tuple(calls))))
    assert len({each.id for each in found.entities}) == 2
    assert [each.source for each in found.relations] == [each.id for each in found.entities]


def test_a_redacted_id_is_the_same_after_a_restart_and_leads_back(tmp_path):
    deleted = topology(deleted_entities=(PERSON,))
    before = one(gate_in(tmp_path).topology(deleted)).deleted_entities[0]
    gate = gate_in(tmp_path)
    after = one(gate.topology(deleted)).deleted_entities[0]
    assert before == after != PERSON
    assert gate.original(after) == PERSON


def test_mediators_with_the_same_key_agree(tmp_path):
    deleted = topology(deleted_entities=(PERSON,))
    answers = [one(gate_in(tmp_path / name, key="shared").topology(deleted)).deleted_entities for name in "ab"]
    assert answers[0] == answers[1]


def test_evidence_requests_come_back_to_the_original_ids_and_are_recorded(gate, tmp_path):
    hidden = one(gate.topology(topology(deleted_entities=(PERSON,)))).deleted_entities
    request = gate.request(EvidenceRequest("r", "c", hidden, 0.0, 1.0, max_bytes=10**9))
    assert request.entities == (PERSON,)
    assert request.max_bytes == EgressPolicy().evidence_max_bytes
    assert read_ledger(tmp_path)[-1].direction == "in"


def test_raw_observations_have_no_way_through(gate, tmp_path):
    batch = ObservationBatch.of([Observation(Series(entity_id("Service", "api"), "cpu_utilization"), 1.0, 0.5)])
    for way in (gate.topology, gate.symptoms, gate.evidence):
        for raw in (batch, np.zeros(3), [batch]):
            with pytest.raises(TypeError, match="must not cross"):
                way(raw)
    assert read_ledger(tmp_path) == []


def test_summaries_hold_a_few_named_numbers_only(gate, tmp_path):
    summary = {"p95": 0.8, "jane@example.com": 1.0, **{f"n{i}": 1.0 for i in range(40)}}
    said = one(gate.symptoms(SymptomDelta("mediator", (Manifestation(symptom(PERSON), summary),))))
    assert len(said.manifestations[0].summary) == 16
    assert read_ledger(tmp_path)[0].drops == {"summary": 26}


def test_lengths_are_bounded(gate):
    entity = Entity.of(
        "Service", "x" * 2_000, "n" * 2_000, {"service.name": "v" * 2_000, "causely.watched": "A_High " * 100}
    )
    found = one(gate.topology(topology(entity))).entities[0]
    assert (len(found.id), len(found.name), len(found.attributes["service.name"])) == (512, 256, 256)
    assert found.attributes["causely.watched"] == "A_High " * 100


def test_addresses_are_hidden_if_the_policy_says_so(tmp_path):
    entity = Entity.of("ExternalService", "10.1.2.3:443")
    found = one(gate_in(tmp_path, redact_ips=True).topology(topology(entity))).entities[0]
    assert "10.1.2.3" not in repr(found)


@given(st.data())
def test_split_deltas_add_up_to_the_whole(tmp_path_factory, data):
    ids = st.sampled_from([entity_id("Service", name) for name in "abcdef"])
    entities = st.lists(ids.map(lambda id: Entity(id, "Service", id[8:])), max_size=8, unique_by=lambda e: e.id)
    relations = st.lists(st.builds(Relation, ids, st.just("calls"), ids), max_size=8)
    deltas = [
        topology(
            *data.draw(entities),
            version=version,
            relations=tuple(data.draw(relations)),
            deleted_entities=tuple(data.draw(st.lists(ids, max_size=4))),
            snapshot=data.draw(st.booleans()),
        )
        for version in range(1, 4)
    ]
    gate = gate_in(tmp_path_factory.mktemp("gate"), max_items=3)
    whole, parts = Topology(), Topology()
    for delta in deltas:
        whole.apply(delta)
        for part in gate.topology(delta):
            assert sum(map(len, (part.entities, part.relations, part.deleted_entities))) <= 3
            assert parts.apply(part)
    gate.ledger.close()
    assert parts.entities == whole.entities
    assert parts.relations == whole.relations


def test_versions_leave_room_for_parts(gate):
    assert one(gate.topology(topology(version=7))).version == 7 * STRIDE


def test_long_symptom_deltas_are_split_and_only_the_first_part_is_a_snapshot(tmp_path):
    said = tuple(Manifestation(symptom(entity_id("Service", str(n)))) for n in range(5))
    parts = gate_in(tmp_path, max_items=2).symptoms(SymptomDelta("mediator", said, snapshot=True))
    assert [len(part.manifestations) for part in parts] == [2, 2, 1]
    assert [part.snapshot for part in parts] == [True, False, False]


def evidence(points=2, items=3):
    item = EvidenceItem("series", PERSON, "request_duration.p95", (1.0,) * points, (2.0,) * points)
    return Evidence("request", "cause", (item,) * items)


def test_evidence_is_redacted_and_recorded(gate, tmp_path):
    answer = gate.evidence(evidence())
    assert len(answer.items) == 3
    assert not answer.truncated
    assert "jane" not in repr(answer)
    assert read_ledger(tmp_path)[0].items == {"series": 3}


def test_evidence_is_cut_to_the_policys_bytes(tmp_path):
    answer = gate_in(tmp_path, evidence_max_bytes=1_000).evidence(evidence(points=20))
    assert len(answer.items) == 2
    assert answer.truncated
    assert read_ledger(tmp_path)[0].drops == {"items": 1}
    assert read_ledger(tmp_path)[0].bytes <= 1_000


@pytest.mark.parametrize("policy", [EvidencePolicy.REFUSE, "refuse"])
def test_evidence_can_be_refused(tmp_path, policy):
    answer = gate_in(tmp_path, evidence=policy).evidence(evidence())
    assert answer.items == ()
    assert "refuses" in answer.refused


def test_the_key_is_private(gate, tmp_path):
    assert (tmp_path / "egress.key").stat().st_mode & 0o777 == 0o600
