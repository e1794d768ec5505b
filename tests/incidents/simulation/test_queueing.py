"""The formulas against theory and against drawing lots."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.incidents.simulation.queueing import limited, normal_share, p95_of_mixtures, p95_of_wait, waiting


@pytest.mark.parametrize("load", [0.1, 0.5, 0.9])
def test_one_server_waits_as_in_theory(load):
    assert waiting(np.array([load]), np.array([1.0]))[0] == pytest.approx(load / (1.0 - load))


@given(st.floats(0.01, 2.0), st.floats(0.01, 0.5), st.integers(1, 64))
def test_more_load_waits_longer(load, more, servers):
    low, high = waiting(np.array([load, load + more]), np.full(2, float(servers)))
    assert 0.0 <= low < high


@given(st.floats(-5.0, 5.0))
def test_the_normal_distribution_is_close(x):
    assert normal_share(np.array([x]))[0] == pytest.approx(0.5 * (1.0 + math.erf(x / math.sqrt(2.0))), abs=2e-4)


def test_limited_times_are_those_of_a_sample():
    sample = np.random.default_rng(0).lognormal(np.log(0.2), 0.8, 400_000)
    mean, square, late = limited(*(np.array([each]) for each in (sample.mean(), sample.var(), 0.5)))
    assert mean[0] == pytest.approx(np.minimum(sample, 0.5).mean(), rel=0.01)
    assert square[0] == pytest.approx((np.minimum(sample, 0.5) ** 2).mean(), rel=0.01)
    assert late[0] == pytest.approx((sample > 0.5).mean(), abs=0.003)


def test_the_p95_of_a_mixture_is_that_of_a_sample():
    rng = np.random.default_rng(0)
    fast, slow = rng.lognormal(np.log(0.1), 0.5, 90_000), rng.lognormal(np.log(2.0), 0.3, 10_000)
    moments = [np.array([part.mean() for part in (fast, slow)]), np.array([part.var() for part in (fast, slow)])]
    found = p95_of_mixtures(*moments, np.array([9.0, 1.0]), np.array([0, 0]), 2)
    assert found[0] == pytest.approx(np.quantile(np.concatenate((fast, slow)), 0.95), rel=0.02)
    assert np.isnan(found[1])


def test_the_p95_of_a_wait_is_that_of_an_exponential_time():
    sample = np.random.default_rng(0).exponential(0.3, 200_000)
    assert p95_of_wait(np.array([0.3]))[0] == pytest.approx(np.quantile(sample, 0.95), rel=0.02)
