"""Topology intake: numbering what discoverers find."""

from causely_core.model import Aliases, Entity, ObservationBatch, Relation, Series, TopologyDelta
from causely_core.services.watching import Resolver
from causely_core.services.watching.topology import WATCHED, TopologyIntake

CART, WEB = Entity.of("Service", "cart"), Entity.of("Service", "web")
REMOTE = Entity.of("ExternalService", "10.1.0.7")


def test_the_first_delta_of_a_source_is_a_snapshot_and_versions_grow():
    intake = TopologyIntake("mediator")
    (first,) = intake.accept("otlp/x", TopologyDelta("", 0, (CART,)))
    (second,) = intake.accept("otlp/x", TopologyDelta("", 0, (WEB,), (Relation(WEB.id, "calls", CART.id),)))
    assert (first.source, first.version, first.snapshot) == ("mediator/otlp/x", 1, True)
    assert (second.version, second.snapshot) == (2, False)
    assert set(intake.entities) == {CART.id, WEB.id}


def test_watched_symptoms_are_told_once_and_withdrawn_with_the_entity():
    intake = TopologyIntake("mediator")
    intake.accept("otlp/x", TopologyDelta("", 0, (CART,)))
    (told,) = intake.watched({CART.id: "RequestLatency_High", "Service:unknown": "X"})
    assert [(entity.id, entity.attributes[WATCHED]) for entity in told.entities] == [(CART.id, "RequestLatency_High")]
    assert intake.watched({CART.id: "RequestLatency_High"}) == ()
    (gone,) = intake.watched({})
    assert gone.deleted_entities == (CART.id,)


def test_what_nobody_else_names_is_not_kept_by_being_watched():
    intake = TopologyIntake("agent")
    intake.accept("ebpf", TopologyDelta("", 0, (CART, WEB)))
    watched = {CART.id: "RequestLatency_High", WEB.id: "RequestLatency_High"}
    intake.watched(watched)
    intake.accept("ebpf", TopologyDelta("", 0, deleted_entities=(CART.id,)))
    (told,) = intake.watched(watched)
    assert told.deleted_entities == (CART.id,)
    assert set(intake.entities) == {WEB.id}


def test_series_are_of_the_entities_as_they_are_known():
    intake = TopologyIntake("mediator", Resolver(Aliases()))
    intake.accept("k", TopologyDelta("", 0, (CART,), (Relation(REMOTE.id, "same_as", CART.id),)))
    told = [Series(REMOTE.id, "request_rate", "Service:web"), Series(WEB.id, "request_rate")]
    batch = ObservationBatch.at(1.0, [(series, 2.0) for series in told])
    assert intake.named(batch).series == (Series(CART.id, "request_rate", "Service:web"), told[1])
    assert TopologyIntake("agent").named(batch) is batch
