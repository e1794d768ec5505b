"""The causal models and the detectors keep their contracts, and each root cause is found by what it shows."""

import math

import numpy as np
import pytest
from causely_plugin_azure import AzurePlugin
from causely_plugin_azure.detectors import detectors
from hypothesis import given
from hypothesis import strategies as st

from causely_core.model import AttributeWindow, Series, Window
from causely_core.testing import CausalModelContract, DetectorContract

from .resources import ONE

SECTION = {"subscriptions": [ONE]}


class TestModels(CausalModelContract):
    @pytest.fixture
    def plugin(self):
        return AzurePlugin


class TestDetectors(DetectorContract):
    @pytest.fixture
    def plugin(self):
        return AzurePlugin

    @pytest.fixture
    def section(self):
        return SECTION

    @pytest.fixture(params=[each.name for each in detectors()])
    def detector(self, request):
        return next(each for each in detectors() if each.name == request.param)


def judged(name, values, active=None, step=10.0):
    """What a detector says of the values of one entity; the last one is of now."""
    detector = next(each for each in detectors() if each.name == name)
    times = 1000.0 - step * np.arange(len(values))[::-1]
    seen = AttributeWindow((Series("Database:a", detector.attribute),), times[None], np.array([values], dtype=float))
    return [*detector.detect(Window(1000.0, {detector.attribute: seen}, active or {}))]


def test_what_is_used_up_for_three_samples_raises_and_clears():
    (raised,) = judged("azure-capacity", [0.5, 0.95, 0.96, 0.97])
    assert (raised.active, raised.onset, raised.severity) == (True, 980.0, pytest.approx(0.6))
    assert judged("azure-capacity", [0.95, 0.5, 0.97]) == []
    (cleared,) = judged("azure-capacity", [0.97, 0.5, 0.5, 0.5], {raised.key: raised})
    assert not cleared.active


def test_dead_letters_raise_by_their_growth_and_not_by_their_number():
    assert judged("azure-dead-letters", [5000.0] * 20) == []
    (raised,) = judged("azure-dead-letters", [float(10 * number) for number in range(20)])
    assert raised.name == "DeadLetters_Growing"


def test_a_mean_latency_that_is_usual_raises_nothing():
    assert judged("azure-mean-latency", [2.0] * 30) == []
    (raised,) = judged("azure-mean-latency", [0.2] * 30 + [1.0] * 3)
    assert raised.baseline.center == 0.2
    assert raised.baseline.threshold == pytest.approx(0.6)


@given(st.lists(st.floats(0, 10) | st.just(math.nan), min_size=1, max_size=40))
def test_no_values_break_a_detector(values):
    for each in detectors():
        for symptom in judged(each.name, values):
            assert 0.0 <= symptom.severity <= 1.0
            assert symptom.active
