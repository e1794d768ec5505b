"""Bad input is refused on both ways with one line that says what is wrong and what would be right."""

import math

import pytest
from attrs import evolve

from causely_core.model import (
    ActionState,
    Baseline,
    Entity,
    Evidence,
    EvidenceItem,
    EvidenceRequest,
    Manifestation,
    Relation,
    RemediationAction,
    Symptom,
    ThresholdSource,
    TopologyDelta,
    entity_id,
)
from causely_core.wire import Update, WireError, convert
from causely_core.wire.pb import executor_service_pb2, symptom_pb2, topology_pb2, update_pb2

API = entity_id("Service", "api")
SYMPTOM = Symptom(
    API,
    "RequestLatency_High",
    True,
    1.0,
    2.0,
    0.5,
    "request_duration.p95",
    3.0,
    Baseline(1.0, 2.0, ThresholdSource.LEARNED),
)
ITEM = EvidenceItem("series", API, "cpu_utilization", (1.0,), (2.0,))

ENCODED = [
    (convert.entity_to_pb, Entity(API, "", "api"), r"entity\.type: empty"),
    (convert.entity_to_pb, Entity("", "Service", "api"), r"entity\.id: empty"),
    (convert.entity_to_pb, Entity("api", "Service", "api"), "expected <type>:<key>"),
    (convert.entity_to_pb, Entity(API, "Pod", "api"), "expected 'Pod:api'"),
    (convert.entity_to_pb, Entity.of("Service", "x" * 513), "521 bytes, at most 512"),
    (convert.entity_to_pb, Entity.of("Service", "é" * 300), "608 bytes, at most 512"),
    (convert.entity_to_pb, Entity.of("Service", "a", "\ud800"), "not valid Unicode"),
    (
        convert.entity_to_pb,
        Entity.of("Service", "a", attributes={str(n): "" for n in range(129)}),
        "129 entries",
    ),
    (convert.entity_to_pb, Entity.of("Service", "a", attributes={"": "x"}), "empty"),
    (convert.relation_to_pb, Relation(API, "", API), r"relation\.type: empty"),
    (convert.topology_delta_to_pb, TopologyDelta("", 1), r"topology\.source: empty"),
    (convert.topology_delta_to_pb, TopologyDelta("x", -1), "expected an integer from 0"),
    (
        convert.symptom_to_pb,
        evolve(SYMPTOM, severity=math.nan),
        "severity: nan, expected a number from 0 to 1",
    ),
    (convert.symptom_to_pb, evolve(SYMPTOM, severity=1.1), "severity: 1.1"),
    (convert.symptom_to_pb, evolve(SYMPTOM, onset=math.inf), "onset: inf, expected a finite number"),
    (
        convert.symptom_to_pb,
        evolve(SYMPTOM, baseline=Baseline(math.inf, 1.0, ThresholdSource.LEARNED)),
        "center",
    ),
    (convert.manifestation_to_pb, Manifestation(SYMPTOM, {"p95": math.nan}), "'p95'"),
    (convert.evidence_to_pb, Evidence("", "c"), "request_id: empty"),
    (
        convert.evidence_to_pb,
        Evidence("r", "c", (evolve(ITEM, kind="raw"),)),
        "'raw' is unknown, expected one of series",
    ),
    (convert.evidence_to_pb, Evidence("r", "c", (evolve(ITEM, times=()),)), "0 times for 1 values"),
    (convert.evidence_request_to_pb, EvidenceRequest("r", "c", (API,), 2.0, 1.0), "before the start"),
    (convert.evidence_request_to_pb, EvidenceRequest("r", "c", (API,), 1.0, 2.0, -1), "max_bytes: -1"),
    (
        convert.action_to_pb,
        RemediationAction("", "restart", API, "c", ActionState.PROPOSED),
        "action.id: empty",
    ),
    (convert.update_to_pb, Update(1, 2.0, "raw"), "a str cannot be sent"),
    (convert.update_to_pb, Update(2**64, 2.0, TopologyDelta("x", 1)), r"update\.sequence"),
]
DECODED = [
    (convert.entity_from_pb, topology_pb2.Entity(id="Service:api"), "empty"),
    (
        convert.symptom_from_pb,
        symptom_pb2.Symptom(entity="Service:api", name="X_High"),
        r"baseline\.source: 0 is unknown",
    ),
    (
        convert.action_from_pb,
        executor_service_pb2.RemediationAction(id="a", kind="k", entity="Pod:a", root_cause="c"),
        "action.state: 0 is unknown",
    ),
    (convert.update_from_pb, update_pb2.Update(sequence=3), "update 3: no known payload"),
]


@pytest.mark.parametrize(("function", "value", "line"), ENCODED + DECODED)
def test_bad_input_raises_one_clear_line(function, value, line):
    with pytest.raises(WireError, match=line) as caught:
        function(value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300
