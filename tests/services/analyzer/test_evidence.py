"""What is asked for, of whom, and how often."""

from attrs import evolve

from causely_core.model import Entity, PathStep, TopologyDelta
from causely_core.services.analyzer.evidence import BEFORE, MAX_AFTER, MAX_ENTITIES, EvidenceDesk, requests
from causely_core.storage import RootCauseRecord, State

from .worlds import TOPOLOGY, cause, key, symptom, symptoms, updates


def record(diagnosed_at=110.0, path=(), id="r1"):
    return RootCauseRecord(evolve(cause(path=path), id=id), "cart", 0.5, 0, diagnosed_at)


def state(**told):
    known = State()
    for sender, delta in told.items():
        known.apply(sender, updates(delta))
    return known


def test_each_sender_is_asked_for_the_entities_it_knows():
    path = (PathStep(key("Service:cart", "CPUCongested"), key("Service:shop"), "calls", 0.8),)
    other = TopologyDelta("otlp", 1, (Entity.of("Service", "shop"),))
    empty = TopologyDelta("otlp", 1, (Entity.of("Service", "far"),))
    wanted = requests(record(path=path), state(a=TOPOLOGY, b=other, c=empty))
    assert {sender: request.entities for sender, request in wanted.items()} == {
        "a": ("Service:cart", "Service:shop"),
        "b": ("Service:shop",),
    }
    assert wanted["a"].root_cause == "r1"
    assert wanted["a"].id != wanted["b"].id


def test_what_shows_the_explained_symptoms_is_asked_for():
    told = state(a=TOPOLOGY)
    told.apply("a", updates(symptoms(symptom())))
    assert requests(record(), told)["a"].attributes == ("request_duration.p95",)


def test_time_and_entities_are_bounded():
    many = tuple(Entity.of("Service", f"s{number}") for number in range(100))
    path = tuple(PathStep(key(), key(entity.id), "calls", 0.8) for entity in many)
    known = state(a=TopologyDelta("otlp", 1, many))
    request = requests(record(path=path, diagnosed_at=10_000.0), known)["a"]
    assert len(request.entities) == MAX_ENTITIES
    assert (request.start, request.end) == (100.0 - BEFORE, 100.0 + MAX_AFTER)
    assert requests(record(diagnosed_at=110.0), state(a=TOPOLOGY))["a"].end == 110.0
    assert requests(record(diagnosed_at=50.0), state(a=TOPOLOGY))["a"].end == 100.0


async def test_a_request_is_sent_once_when_its_mediator_is_there():
    desk, sent, connected = EvidenceDesk(), [], set()

    async def send(sender, request):
        if sender in connected:
            sent.append((sender, request.root_cause))
        return sender in connected

    desk.add(requests(record(), state(a=TOPOLOGY)))
    await desk.send(send)
    connected.add("a")
    await desk.send(send)
    await desk.send(send)
    assert sent == [("a", "r1")]


async def test_what_has_ended_needs_no_evidence():
    desk, sent = EvidenceDesk(), []

    async def send(sender, request):
        sent.append(request.root_cause)
        return True

    for id in ("r1", "r2"):
        desk.add(requests(record(id=id), state(a=TOPOLOGY)))
    desk.drop(["r1"])
    await desk.send(send)
    assert sent == ["r2"]
