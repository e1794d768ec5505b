"""The live topology: what is told at each flush, and what is deleted when it falls silent."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from causely_core.model import Entity, Relation, RelationType, Topology
from causely_core.traffic.live_topology import LiveTopology

CART, SHOP, BANK = (Entity.of("Service", name) for name in ("cart", "shop", "bank"))
CALLS = Relation(SHOP.id, RelationType.CALLS, CART.id)


@pytest.fixture
def live():
    return LiveTopology(limit=10, ttl=60.0)


def described(version):
    return Entity.of("Service", "cart", "cart", {"service.version": version})


def test_what_is_new_is_told_once(live):
    live.add(CART, 0.0)
    live.add(SHOP, 0.0)
    live.relate([CALLS], 0.0)
    delta = live.flush(1.0)
    assert (delta.entities, delta.relations) == ((CART, SHOP), (CALLS,))
    live.add(CART, 2.0)
    live.relate([CALLS], 2.0)
    assert not live.flush(3.0)


def test_a_relation_with_an_unknown_end_waits_for_it(live):
    live.add(SHOP, 0.0)
    live.relate([CALLS], 0.0)
    assert not live.flush(0.0).relations
    live.add(CART, 1.0)
    live.relate([CALLS], 1.0)
    assert live.flush(1.0).relations == (CALLS,)


def test_silence_deletes_entities_and_their_relations(live):
    live.add(CART, 0.0)
    live.add(SHOP, 50.0)
    live.relate([CALLS], 50.0)
    live.flush(60.0)
    delta = live.flush(61.0)
    assert (delta.deleted_entities, delta.deleted_relations) == ((CART.id,), (CALLS,))
    assert CART.id not in live
    assert SHOP.id in live


def test_a_relation_can_fall_silent_although_its_ends_do_not(live):
    live.add(CART, 0.0)
    live.add(SHOP, 0.0)
    live.relate([CALLS], 0.0)
    live.touch(CART.id, 61.0)
    live.touch(SHOP.id, 61.0)
    delta = live.flush(61.0)
    assert (delta.deleted_entities, delta.deleted_relations) == ((), (CALLS,))


@pytest.mark.parametrize("end", [SHOP, CART])
def test_a_dependency_goes_with_either_of_its_ends(live, end):
    asked = Entity.of("Dependency", f"shop > {CART.id}", "shop > cart")
    for entity in (CART, SHOP, BANK, asked):
        live.add(entity, 0.0)
    live.relate([Relation(asked.id, "part_of", SHOP.id), Relation(asked.id, "calls", CART.id)], 0.0)
    live.flush(0.0)
    live.drop(end.id)
    delta = live.flush(1.0)
    assert delta.deleted_entities == (end.id, asked.id)
    assert len(delta.deleted_relations) == 2
    assert asked.id not in live
    assert live.add(asked, 2.0)


def test_what_is_only_called_goes_with_the_last_who_calls_it(live):
    mail = Entity.of("ExternalService", "mail:25", "mail:25")
    for entity in (CART, SHOP, BANK, mail):
        live.add(entity, 0.0)
    live.relate([CALLS, *(Relation(caller.id, RelationType.CALLS, mail.id) for caller in (SHOP, BANK))], 0.0)
    live.drop(SHOP.id)
    assert live.flush(1.0).deleted_entities == (SHOP.id,)
    live.drop(BANK.id)
    assert live.flush(2.0).deleted_entities == (BANK.id, mail.id)
    assert CART.id in live


def test_touching_keeps_an_entity_and_makes_none(live):
    live.add(CART, 0.0)
    live.touch(CART.id, 50.0)
    live.touch(SHOP.id, 50.0)
    assert not live.flush(100.0).deleted_entities
    assert SHOP.id not in live


def test_dropping_does_not_wait_and_is_forgotten_for_what_is_unknown(live):
    live.add(CART, 0.0)
    live.drop(CART.id)
    live.drop(SHOP.id)
    assert live.flush(0.0).deleted_entities == (CART.id,)
    live.add(CART, 1.0)
    assert live.flush(1.0).entities == (CART,)


def test_there_is_room_again_after_a_deletion():
    live = LiveTopology(limit=1, ttl=60.0)
    assert live.add(CART, 0.0)
    assert not live.add(SHOP, 0.0)
    assert live.add(CART, 0.0)
    assert live.refused == 1
    live.flush(61.0)
    assert live.add(SHOP, 61.0)


def test_a_new_description_is_told_and_a_lower_rank_does_not_replace_it(live):
    live.add(described("1"), 0.0)
    live.flush(0.0)
    live.add(described("2"), 1.0)
    assert live.flush(1.0).entities == (described("2"),)
    live.add(CART, 2.0, rank=-1)
    assert not live.flush(2.0)
    live.add(described("3"), 3.0, rank=1)
    live.add(described("2"), 3.0)
    assert live.flush(3.0).entities == (described("3"),)


ENTITIES = st.sampled_from([CART, SHOP, BANK, described("1"), described("2")])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), ENTITIES),
        st.tuples(st.just("relate"), ENTITIES, ENTITIES),
        st.tuples(st.just("drop"), ENTITIES),
        st.tuples(st.just("flush"), st.integers(0, 90)),
    ),
    max_size=40,
)


@given(STEPS)
def test_the_deltas_add_up_to_the_snapshot(steps):
    live, told, now = LiveTopology(limit=2, ttl=60.0), Topology(), 0.0
    for version, (step, *what) in enumerate([*steps, ("flush", 0)]):
        if step == "add":
            live.add(what[0], now)
        elif step == "relate":
            live.relate([Relation(what[0].id, RelationType.CALLS, what[1].id)], now)
        elif step == "drop":
            live.drop(what[0].id)
        else:
            now += what[0]
            told.apply(evolve(live.flush(now), version=version))
    fresh = Topology()
    fresh.apply(live.snapshot())
    assert (told.entities, told.relations) == (fresh.entities, fresh.relations)
    assert len(told.entities) <= 2


def test_operations_go_with_what_they_are_of(live):
    operation = Entity.of("Operation", "cart:GET /", "GET /")
    live.add(CART, 0.0)
    live.add(operation, 0.0)
    live.relate([Relation(operation.id, RelationType.PART_OF, CART.id)], 0.0)
    live.flush(0.0)
    live.drop(CART.id)
    assert set(live.flush(1.0).deleted_entities) == {CART.id, operation.id}
