"""Entities as detectors see them, as the topology changes."""

from causely_core.detection.builtin import LATENCY_LABEL
from causely_core.model import Entity, Relation, TopologyDelta
from causely_core.services.watching.marked import Marked
from causely_core.services.watching.topology import TopologyIntake

SERVICE, NAMESPACE = Entity.of("Service", "shop/cart"), Entity.of("Namespace", "shop")


def test_a_mark_that_one_source_tells_holds_for_the_service_of_another():
    intake = TopologyIntake("mediator")
    seen = Marked(intake)
    related = (Relation(SERVICE.id, "part_of", NAMESPACE.id),)
    intake.accept("otlp/traces", TopologyDelta("", 0, (SERVICE, NAMESPACE), related))
    assert LATENCY_LABEL not in seen.entities()[SERVICE.id].attributes
    assert seen.entities() is seen.entities()
    for threshold in ("250", "300"):
        said = Entity.of("Namespace", "shop", attributes={LATENCY_LABEL: threshold})
        intake.accept("kubernetes/objects", TopologyDelta("", 0, (said,)))
        assert seen.entities()[SERVICE.id].attributes[LATENCY_LABEL] == threshold
    assert LATENCY_LABEL not in intake.entities[SERVICE.id].attributes
