"""When a root cause is shown, what it keeps, and when it ends."""

import pytest

from causely_core.model import Alternative, EntityId
from causely_core.services.analyzer.lifecycle import Lifecycle

from .worlds import CART, SHOP, active, cause, diagnosis, key, symptom

ENTITIES = {CART.id: CART, SHOP.id: SHOP}
BOTH = active(symptom("Service:cart", severity=0.4), symptom("Service:shop", severity=0.9))


@pytest.fixture
def lifecycle():
    return Lifecycle.of(confirm_after=2.0, hold=4.0, min_probability=0.5)


@pytest.fixture
def step(lifecycle):
    def step(time, *causes, active=BOTH):
        return lifecycle.step(diagnosis(time, *causes), ENTITIES, active)

    return step


@pytest.fixture
def shown(step):
    step(10.0, cause())
    return step(12.0, cause()).confirmed[0]


def test_a_stable_cause_is_confirmed(step, lifecycle):
    assert not step(10.0, cause()).records
    assert lifecycle.due == 12.0
    assert not step(11.9, cause()).records
    (record,) = step(12.0, cause(), active=BOTH).confirmed
    assert (record.diagnosed_at, record.name, record.type, record.severity) == (12.0, "cart", "Service", 0.4)
    assert lifecycle.active == (record,)
    assert lifecycle.due is None


def test_a_cause_that_breaks_off_begins_anew(step):
    step(10.0, cause())
    step(11.0)
    assert not step(12.0, cause()).confirmed
    assert step(14.0, cause()).confirmed


def test_an_unlikely_cause_is_not_confirmed_but_goes_on_once_shown(step, shown):
    assert not step(13.0, cause(), cause("Service:shop", probability=0.4)).confirmed
    assert not step(20.0, cause(probability=0.3), cause("Service:shop", probability=0.4)).confirmed
    assert not step(30.0, cause(probability=0.3)).cleared


@pytest.mark.parametrize(("entity", "shown"), [("Service:cart", True), ("Service:shop", False)])
def test_alternatives_on_its_entity_count_for_a_cause(step, entity, shown):
    unsure = cause(probability=0.4, alternatives=(Alternative(EntityId(entity), "Malfunction", 0.2, "less likely"),))
    step(10.0, unsure)
    assert bool(step(12.0, unsure).confirmed) is shown


def test_one_that_has_become_unlikely_is_cleared_after_the_hold(step, shown):
    assert not step(13.0, cause(probability=0.1)).cleared
    assert not step(15.0, cause()).cleared
    assert not step(16.0, cause(probability=0.1)).cleared
    (record,) = step(20.0, cause(probability=0.1)).cleared
    assert record.cleared_at == 16.0


def test_it_keeps_id_onset_and_time_of_diagnosis(step, shown):
    (record,) = step(20.0, cause(probability=0.7, onset=300.0)).updated
    assert record.id == shown.id
    assert record.root_cause.probability == 0.7
    assert (record.root_cause.onset, record.diagnosed_at) == (100.0, 12.0)


def test_it_tells_by_how_much_its_latest_diagnosis_may_be_beaten(lifecycle, shown):
    assert shown.gap == 0.0
    (worse,) = lifecycle.step(diagnosis(20.0, cause(), gap=0.7), ENTITIES, BOTH).updated
    assert worse.gap == 0.7
    (proven,) = lifecycle.step(diagnosis(21.0, cause()), ENTITIES, BOTH).updated
    assert proven.gap == 0.0


def test_what_did_not_change_is_not_told(step, shown):
    assert not step(20.0, cause()).records


def test_it_is_cleared_after_the_hold_as_of_when_it_was_gone(step, shown, lifecycle):
    assert not step(20.0, active={}).records
    assert lifecycle.due == 24.0
    assert not step(23.9, active={}).cleared
    (record,) = step(24.0, active={}).cleared
    assert (record.id, record.cleared_at, record.superseded_by) == (shown.id, 20.0, "")
    assert not lifecycle.active


def test_it_does_not_flap(step, shown):
    for time in (20.0, 26.0, 32.0):
        assert not step(time, active={}).cleared
        assert not step(time + 3.0, cause()).cleared


def test_another_onset_is_another_episode(step, shown):
    step(20.0, active={})
    step(24.0, active={})
    step(30.0, cause(onset=500.0))
    (again,) = step(32.0, cause(onset=500.0)).confirmed
    assert again.id != shown.id


def test_a_better_explanation_takes_over(step, shown):
    better = cause("Service:shop", "MemoryLeak", explains=[key("Service:cart"), key("Service:shop")])
    assert not step(20.0, better).cleared
    changes = step(22.0, better)
    (new,), (old,) = changes.confirmed, changes.cleared
    assert (old.id, old.cleared_at, old.superseded_by) == (shown.id, 20.0, new.id)


def test_another_cause_of_other_symptoms_does_not_take_over(step, shown):
    other = cause("Service:shop")
    step(20.0, other)
    assert not step(22.0, other).cleared
    assert step(24.0, other).cleared[0].superseded_by == ""


def test_symptoms_that_cleared_are_still_told_of(step, shown):
    whole = cause(explains=[key("Service:cart"), key("Service:shop")])
    step(20.0, whole)
    (record,) = step(21.0, cause(), active=active(symptom("Service:cart"))).updated
    assert record.root_cause.explains == whole.explains
    assert record.root_cause.impacted == (SHOP.id,)


def test_symptoms_that_another_cause_explains_are_left_to_it(step, shown):
    step(20.0, cause(explains=[key("Service:cart"), key("Service:shop")]))
    (record,) = step(21.0, cause(), cause("Service:shop")).updated
    assert record.root_cause.explains == (key("Service:cart"),)


def test_it_goes_on_after_a_restart(shown):
    again = Lifecycle.of(2.0, 4.0, 0.5)
    again.resume([shown])
    assert not again.step(diagnosis(50.0, cause()), ENTITIES, BOTH).records
    assert again.active == (shown,)
    again.step(diagnosis(51.0), ENTITIES, {})
    assert again.step(diagnosis(55.0), ENTITIES, {}).cleared


def test_the_best_comes_first(step, lifecycle):
    for time in (10.0, 12.0):
        step(time, cause("Service:shop"), cause())
    assert [record.root_cause.entity for record in lifecycle.active] == [SHOP.id, CART.id]


def test_an_unknown_entity_is_called_by_its_key(step):
    step(10.0, cause("Service:gone"))
    assert step(12.0, cause("Service:gone")).confirmed[0].name == "gone"


def test_an_unknown_entity_with_an_id_of_any_text_is_called_by_it(step):
    step(10.0, cause("the shop: cart"))
    assert step(12.0, cause("the shop: cart")).confirmed[0].name == "the shop: cart"
