"""The way up: gate, spool and link as one."""

import pytest

from causely_core.egress.gate import EgressGate
from causely_core.egress.ledger import Ledger, read_ledger
from causely_core.egress.policy import EgressPolicy
from causely_core.model import Entity, Evidence, Observation, ObservationBatch, Series, SymptomDelta, TopologyDelta
from causely_core.services.mediator.uplink import Uplink
from causely_core.wire import Snapshot
from causely_core.wire.convert import update_from_pb
from causely_core.wire.dialect import MEDIATE
from causely_core.wire.pb import update_pb2
from causely_core.wire.sender import LinkSender
from causely_core.wire.spool import Spool

from ..shop import CART, SHOP, symptom, symptoms

SECRET = Entity.of("Service", "pay", "ada@example.org", {"password": "hunter2", "service.version": "1"})


@pytest.fixture
def uplink(tmp_path):
    ledger, spool = Ledger(tmp_path), Spool(tmp_path / "spool")
    gate = EgressGate(EgressPolicy(max_items=1), ledger)
    yield Uplink(gate, LinkSender(MEDIATE, "127.0.0.1:9", "m", spool, Snapshot))
    ledger.close()
    spool.close()


def spooled(uplink):
    raw = [update_pb2.Update.FromString(payload) for _, payload in uplink.link.spool.read_from(1, 100)]
    for number, update in enumerate(raw, 1):
        update.sequence = number
    return [update_from_pb(update).payload for update in raw]


async def test_everything_is_spooled_behind_the_gate(uplink, tmp_path):
    await uplink.topology(TopologyDelta("otlp", 1, (SECRET,)))
    await uplink.symptoms(symptoms("mediator", symptom()))
    await uplink.evidence(Evidence("r1", "c1"))
    topology, told, evidence = spooled(uplink)
    (entity,) = topology.entities
    assert "ada" not in entity.name
    assert entity.attributes == {"service.version": "1"}
    assert told.manifestations[0].symptom.entity == CART.id
    assert evidence.request_id == "r1"
    assert [crossing.kind for crossing in read_ledger(tmp_path)] == ["topology", "symptoms", "evidence"]


async def test_what_is_long_crosses_in_parts(uplink):
    await uplink.topology(TopologyDelta("otlp", 1, SHOP.entities, SHOP.relations, snapshot=True))
    parts = spooled(uplink)
    assert sum(len(part.entities) for part in parts) == 2
    assert len(parts) > 1
    assert [part.snapshot for part in parts] == [True] + [False] * (len(parts) - 1)


def test_a_snapshot_passes_the_gate_as_well(uplink):
    whole = uplink.snapshot([TopologyDelta("otlp", 1, (SECRET,), snapshot=True)], [SymptomDelta("m", snapshot=True)])
    (part,) = whole.topology
    assert part.entities[0].attributes == {"service.version": "1"}
    assert [delta.source for delta in whole.symptoms] == ["m"]


async def test_raw_series_have_no_way_through(uplink):
    raw = ObservationBatch.of([Observation(Series(CART.id, "request_rate"), 1.0, 2.0)])
    for way in (uplink.topology, uplink.symptoms, uplink.evidence):
        with pytest.raises(TypeError, match=r"an? ObservationBatch must not cross"):
            await way(raw)
    assert spooled(uplink) == []
