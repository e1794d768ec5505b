"""What a snapshot carries of the time that the mediator was away."""

import pytest

from causely_core.model import TopologyDelta
from causely_core.services.agent.unsent import unsent_symptoms
from causely_core.wire import Snapshot
from causely_core.wire.convert import update_to_pb
from causely_core.wire.spool import Spool
from causely_core.wire.update import Update

from ..shop import CART, WEB, symptom, symptoms

ALL = 1_000_000
BEGAN, ENDED = symptoms("a", symptom()), symptoms("a", symptom(active=False))
OTHER = symptoms("a", symptom(WEB.id))


@pytest.fixture
def spool(tmp_path):
    spool = Spool(tmp_path / "spool")
    yield spool
    spool.close()


def fill(spool, *payloads):
    for payload in payloads:
        spool.append(update_to_pb(Update(0, 1.0, payload)).SerializeToString())


def test_symptoms_keep_their_order_and_topology_stays_out(spool):
    fill(spool, BEGAN, TopologyDelta("a/x", 1, (CART,)), ENDED, OTHER)
    assert unsent_symptoms(spool, "a", ALL) == (BEGAN, ENDED, OTHER)


def test_an_unsent_snapshot_is_looked_into(spool):
    fill(spool, Snapshot((), (BEGAN, ENDED)), OTHER)
    assert unsent_symptoms(spool, "a", ALL) == (BEGAN, ENDED, OTHER)


def test_of_too_many_the_newest_are_kept(spool):
    fill(spool, *[BEGAN, ENDED] * 400, OTHER)
    kept = unsent_symptoms(spool, "a", 1000)
    assert kept == ((BEGAN, ENDED) * 400 + (OTHER,))[-len(kept) :]
    assert 5 < len(kept) < 20


def test_what_was_said_under_another_name_is_not_said_under_this_one(spool):
    fill(spool, BEGAN, symptoms("former", symptom()))
    assert unsent_symptoms(spool, "a", ALL) == (BEGAN,)


def test_what_cannot_be_read_is_left_out(spool):
    spool.append(b"\xff\xff")
    fill(spool, BEGAN)
    assert unsent_symptoms(spool, "a", ALL) == (BEGAN,)
