"""What is applied is there after a restart, with its cursor, once."""

import json
import math
import sqlite3
from contextlib import closing

import pytest

from causely_core.model import (
    Alternative,
    AtRisk,
    CauseRef,
    Entity,
    EntityId,
    EvidenceItem,
    PathStep,
    Relation,
    Support,
    SupportState,
    TellingSymptom,
    TopologyDelta,
)
from causely_core.storage import AnalyzerStore
from causely_core.wire.update import Snapshot

from .worlds import KEY, MEDIATOR, evidence, record, symptom, symptoms, updates

CART = Entity.of("Service", "cart", attributes={"service.version": "1"})
SHOP = Entity.of("Service", "shop")
CALL = Relation(SHOP.id, "calls", CART.id, {"mode": "sync"})
TOPOLOGY = TopologyDelta("otlp", 1, (CART, SHOP), (CALL,))


def test_everything_is_there_after_a_restart(store, url):
    store.apply(MEDIATOR, updates(TOPOLOGY, symptoms(symptom())), now=5.0)
    store.save([record()])
    store.close()
    loaded = AnalyzerStore.open(url).load()
    assert loaded.state.topology.entities == {CART.id: CART, SHOP.id: SHOP}
    assert [dict(relation.attributes) for relation in loaded.state.topology.relations] == [{"mode": "sync"}]
    assert loaded.state.active[KEY].onset == 100.0
    assert math.isnan(loaded.state.active[KEY].baseline.center)
    assert loaded.senders["mediator"].cursor == ("epoch-1", 2)
    assert loaded.senders["mediator"].updated_at == 5.0
    assert loaded.active == (record(),)


def test_an_empty_database_holds_nothing(store):
    loaded = store.load()
    assert not loaded.senders
    assert not loaded.active
    assert not loaded.state.active


def test_a_batch_that_fails_leaves_nothing_behind(store):
    unwritable = TopologyDelta("otlp", 2, (Entity.of("Service", "x", attributes={"a": object()}),))
    with pytest.raises(Exception, match="serializable"):
        store.apply(MEDIATOR, updates(TOPOLOGY, symptoms(symptom()), unwritable), now=5.0)
    loaded = store.load()
    assert not loaded.senders
    assert not loaded.state.topology.entities
    assert not loaded.state.active


def test_the_largest_number_of_an_update_fits(store):
    store.apply(MEDIATOR, updates(TOPOLOGY, first=2**64 - 1), now=5.0)
    assert store.load().senders["mediator"].sequence == 2**64 - 1


def test_a_symptom_that_clears_becomes_history_and_may_come_again(store):
    store.apply(MEDIATOR, updates(symptoms(symptom())), now=5.0)
    store.apply(MEDIATOR, updates(symptoms(symptom(active=False, updated_at=130.0)), first=2), now=6.0)
    store.apply(MEDIATOR, updates(symptoms(symptom(onset=200.0)), first=3), now=7.0)
    page = store.symptoms()
    assert [(one.symptom.onset, one.cleared_at) for one in page.items] == [(200.0, None), (100.0, 130.0)]
    assert page.items[0].summary == {"p95": 1.5}


def test_an_episode_that_is_told_again_after_it_has_cleared_stays_one(store):
    course = [symptoms(symptom()), symptoms(symptom(active=False, updated_at=130.0))]
    store.apply(MEDIATOR, updates(*course, *course), now=5.0)
    assert [(one.symptom.onset, one.cleared_at) for one in store.symptoms().items] == [(100.0, 130.0)]
    store.apply(MEDIATOR, updates(course[0], first=5), now=6.0)
    assert [(one.symptom.onset, one.cleared_at) for one in store.symptoms().items] == [(100.0, None)]
    assert [told.symptom.key for (told,) in [store.symptoms(active=True).items]] == [KEY]


def test_a_symptom_that_goes_on_stays_one(store):
    for number, severity in enumerate([0.2, 0.9], 1):
        store.apply(MEDIATOR, updates(symptoms(symptom(severity=severity)), first=number), now=5.0)
    assert [one.symptom.severity for one in store.symptoms().items] == [0.9]


def test_a_snapshot_clears_what_it_leaves_out(store):
    other = symptom("Service:shop")
    store.apply(MEDIATOR, updates(symptoms(symptom(), other)), now=5.0)
    store.apply(MEDIATOR, updates(symptoms(other, snapshot=True), first=2), now=9.0)
    cleared = store.symptoms(active=False).items
    assert [(one.symptom.entity, one.cleared_at) for one in cleared] == [("Service:cart", 9.0)]


def test_a_full_snapshot_replaces_all_the_sender_said_and_nothing_of_others(store):
    other = type(MEDIATOR)("other", "e")
    store.apply(MEDIATOR, updates(TOPOLOGY, symptoms(symptom(), source="agent")), now=5.0)
    store.apply(other, updates(TopologyDelta("otlp", 9, (SHOP,))), now=5.0)
    store.apply(MEDIATOR, updates(Snapshot((), (symptoms(symptom("Service:shop"), snapshot=True),))), now=6.0)
    state = store.load().state
    assert list(state.topology.entities) == [SHOP.id]
    assert [key.entity for key in state.active] == ["Service:shop"]


def test_symptoms_are_filtered_and_paged(store):
    many = [symptom(f"Service:s{number}", onset=float(number)) for number in range(5)]
    store.apply(MEDIATOR, updates(symptoms(*many, symptom(name="RequestErrorRate_High"))), now=5.0)
    page = store.symptoms(name="RequestLatency_High", limit=2, offset=1)
    assert [one.symptom.onset for one in page.items] == [3.0, 2.0]
    assert (page.total, page.limit, page.offset) == (5, 2, 1)
    assert store.symptoms(entity="Service:s1").total == 1
    assert store.symptoms(active=False).total == 0


def test_root_causes_are_listed_active_ones_and_best_first(store):
    store.save([record("second", rank=1), record("old", cleared_at=150.0), record("first", cause="MemoryLeak")])
    store.save([record("older", cleared_at=120.0)])
    assert [one.id for one in store.root_causes().items] == ["first", "second", "old", "older"]
    assert [one.id for one in store.root_causes(active=False).items] == ["old", "older"]
    assert [one.id for one in store.root_causes(cause="MemoryLeak").items] == ["first"]
    assert store.root_causes(type="Database").total == 0
    assert store.root_causes(entity="Service:cart", active=True).total == 2


def test_a_root_cause_is_replaced_by_its_id(store):
    full = record(explains=(KEY,), impacted=(EntityId("Service:shop"),), remediation=("restart",))
    store.save([record()])
    store.save([full])
    assert store.root_cause("r1") == full
    assert store.root_cause("r2") is None


SEEN = Support(SupportState.ACTIVE, "request_duration.p95", 1.5, 1.0, None, 100.0, 0.5)
EXPLAINED = record(
    explains=(KEY,),
    path=(PathStep(KEY, KEY, "calls", 0.8, SEEN), PathStep(KEY, KEY, "", 0.8, Support(SupportState.UNKNOWN))),
    alternatives=(Alternative(SHOP.id, "MemoryLeak", 0.1, "why not", (KEY,), (KEY,)),),
    would_tell=(TellingSymptom(CART.id, "Hot_High", "", 0.3, CauseRef(SHOP.id, "MemoryLeak")),),
    at_risk=(AtRisk(SHOP.id, "Hot_High", 0.4),),
)


def test_what_explains_a_root_cause_is_kept(store):
    store.save([EXPLAINED])
    assert store.root_cause("r1") == EXPLAINED


def test_a_root_cause_of_before_it_was_explained_can_be_read(store, url):
    store.save([EXPLAINED])
    store.close()
    older = EXPLAINED.root_cause
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as database:
        (text,) = database.execute("select record from root_causes").fetchone()
        database.execute("update root_causes set record = ?", (json.dumps(_stripped(json.loads(text))),))
    (read,) = AnalyzerStore.open(url).load().active
    assert (read.gap, read.root_cause.would_tell, read.root_cause.at_risk) == (0.0, (), ())
    assert [step.support for step in read.root_cause.path] == [None, None]
    assert [step.arrow for step in read.root_cause.path] == [step.arrow for step in older.path]
    assert [(each.reason, each.unexplained) for each in read.root_cause.alternatives] == [("why not", ())]


def _stripped(value):
    """``value`` without the keys that records did not have at first."""
    new = {"support", "would_tell", "at_risk", "gap", "unexplained"}
    if isinstance(value, dict):
        return {key: _stripped(each) for key, each in value.items() if key not in new}
    return [_stripped(each) for each in value] if isinstance(value, list) else value


def test_evidence_is_kept_with_its_root_cause_only(store):
    item = EvidenceItem("series", CART.id, "request_rate", (1.0,), (2.0,))
    store.save([record()])
    for number in (1, 2):
        said = evidence(items=(item,)), evidence("q2", "unknown")
        store.apply(MEDIATOR, updates(*said, first=number), now=5.0)
    assert store.evidence("r1") == [evidence(items=(item,))]
    assert store.evidence("unknown") == []


def test_old_history_is_forgotten_a_few_rows_at_a_time(store):
    gone = [symptom(f"Service:s{number}") for number in range(3)]
    store.apply(MEDIATOR, updates(symptoms(*gone, symptom())), now=5.0)
    store.apply(MEDIATOR, updates(symptoms(symptom(), snapshot=True), first=2), now=50.0)
    store.save([record("old", cleared_at=50.0), record()])
    store.apply(MEDIATOR, updates(evidence(root_cause="old"), first=3), now=50.0)
    assert store.prune(before=50.0) == 0
    assert [store.prune(before=51.0, max_rows=2) for _ in range(3)] == [2, 2, 0]
    assert store.symptoms().total == 1
    assert [one.id for one in store.root_causes().items] == ["r1"]
    assert store.evidence("old") == []
