"""Quantiles of durations that the kernel has counted in buckets."""

import numpy as np
import pytest
from causely_plugin_ebpf.resources.durations import BUCKETS, quantile
from hypothesis import given
from hypothesis import strategies as st


def number_of(duration):
    """What ``number_of`` of resources.c says."""
    power = max(duration.bit_length() - 1, 0)
    return duration if power < 2 else power << 2 | (duration >> (power - 2) & 3)


def counted(durations):
    return np.bincount([number_of(each) for each in durations], minlength=BUCKETS)


@given(st.integers(8, 2**62), st.integers(1, 1000))
def test_all_of_one_duration_are_known_to_an_eighth_more_or_a_quarter(duration, count):
    found = quantile(counted([duration]) * count, 0.5) * 1e9
    assert 0.8 * duration <= found <= 1.25 * duration


@given(st.lists(st.integers(1, 2**40), min_size=1))
def test_quantiles_rise(durations):
    counts = counted(durations)
    assert 0 <= quantile(counts, 0.5) <= quantile(counts, 0.95) <= max(durations) * 1.25e-9 + 1e-9


def test_ninety_fast_ones_and_ten_slow_ones():
    counts = counted([1_000_000] * 90 + [64_000_000] * 10)
    assert quantile(counts, 0.5) == pytest.approx(0.001, rel=0.15)
    assert quantile(counts, 0.95) == pytest.approx(0.064, rel=0.25)
