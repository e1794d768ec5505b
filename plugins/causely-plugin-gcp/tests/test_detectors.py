"""When the plugin's own symptoms begin and end."""

import numpy as np
import pytest
from attrs import evolve
from causely_plugin_gcp.detectors import DETECTORS

from causely_core.model import AttributeWindow, EntityId, Series, SymptomKey, Window

SPANNER = next(each for each in DETECTORS if each.symptom == "Spanner_HighPriorityCPU")
LEDGER = EntityId("Database:gcp/shop-prod/global/spanner/ledger")
KEY = SymptomKey(LEDGER, SPANNER.symptom)
NOW = 1_000_000.0


def judged(values, active=None, ago=0.0, manual=None):
    times = NOW - ago - 6.0 * np.arange(len(values) - 1, -1, -1)
    seen = AttributeWindow((Series(LEDGER, SPANNER.attribute),), times[None, :], np.array([values]))
    window = Window(NOW, {SPANNER.attribute: seen}, {KEY: active} if active else {}, manual=manual or {})
    return list(SPANNER.detect(window))


@pytest.fixture
def raised():
    (symptom,) = judged([0.3, 0.7, 0.8, 0.9])
    return symptom


def test_three_above_raise(raised):
    assert (raised.entity, raised.active, raised.value, raised.onset) == (LEDGER, True, 0.9, NOW - 12.0)
    assert raised.severity == pytest.approx(1 - 0.65 / 0.8)


@pytest.mark.parametrize("values", [[0.7, 0.6, 0.8], [0.8, 0.9], [0.65, 0.65, 0.65], [np.nan, 0.9, 0.9]])
def test_fewer_do_not(values):
    assert judged(values) == []


def test_it_stays_until_three_are_below(raised):
    (still,) = judged([0.9, 0.5, 0.5], raised)
    assert still.active
    assert still.onset == raised.onset
    (over,) = judged([0.5, 0.5, 0.5], raised)
    assert not over.active


def test_silence_ends_it(raised):
    (over,) = judged([0.9, 0.9, 0.9], _older(raised), ago=31.0)
    assert not over.active
    (gone,) = SPANNER.detect(Window(NOW, {}, {KEY: _older(raised)}))
    assert not gone.active


def test_people_may_set_another_limit():
    assert judged([0.7, 0.7, 0.7], manual={KEY: 0.8}) == []
    assert len(judged([0.5, 0.5, 0.5], manual={KEY: 0.4})) == 1


def test_symptoms_are_each_of_one_detector():
    assert len({each.name for each in DETECTORS}) == len({each.symptom for each in DETECTORS}) == len(DETECTORS)


def _older(symptom):
    return evolve(symptom, updated_at=NOW - 31.0)
