import itertools
from math import inf

import pytest
from causely_plugin_otlp.metrics.buckets import MAX_BUCKETS, explicit, exponential, quantile
from causely_plugin_otlp.metrics.errors import Malformed
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.metrics.v1.metrics_pb2 import ExponentialHistogramDataPoint, HistogramDataPoint

EXPONENTIAL = ExponentialHistogramDataPoint
Counts = EXPONENTIAL.Buckets


def test_bounds_are_converted_and_empty_buckets_left_out():
    point = HistogramDataPoint(explicit_bounds=[100, 200], bucket_counts=[1, 0, 2])

    assert explicit(point, 1e-3) == {(0.0, 0.1): 1, (0.2, inf): 2}


@pytest.mark.parametrize(("bounds", "values"), [([], []), ([], [7])])
def test_a_histogram_without_bounds_tells_nothing(bounds, values):
    assert explicit(HistogramDataPoint(explicit_bounds=bounds, bucket_counts=values), 1.0) == {}


@pytest.mark.parametrize(
    ("bounds", "values", "reason"),
    [
        ([1.0], [1], "one bucket count more"),
        ([2.0, 1.0], [1, 1, 1], "increasing"),
        ([1.0, inf], [1, 1, 1], "finite"),
        (list(range(MAX_BUCKETS)), [0] * (MAX_BUCKETS + 1), "more than"),
    ],
)
def test_counts_that_do_not_fit_their_bounds_are_malformed(bounds, values, reason):
    with pytest.raises(Malformed, match=reason):
        explicit(HistogramDataPoint(explicit_bounds=bounds, bucket_counts=values), 1.0)


def test_exponential_buckets_are_powers_of_the_base():
    point = EXPONENTIAL(scale=0, zero_count=3, positive=Counts(offset=-1, bucket_counts=[1, 0, 2]))

    assert exponential(point, 1.0) == {(0.0, 0.0): 3, (0.5, 1.0): 1, (2.0, 4.0): 2}


def test_exponential_buckets_of_a_negative_scale_are_wide():
    point = EXPONENTIAL(scale=-1, positive=Counts(offset=0, bucket_counts=[1, 2]))

    assert exponential(point, 1.0) == {(1.0, 4.0): 1, (4.0, 16.0): 2}


def test_finer_scales_than_needed_are_merged():
    point = EXPONENTIAL(scale=20, positive=Counts(offset=0, bucket_counts=[1, 2, 3]))

    assert exponential(point, 1.0) == {(1.0, 2.0**0.125): 6}


@pytest.mark.parametrize(
    ("point", "reason"),
    [
        (EXPONENTIAL(scale=40), "scale"),
        (EXPONENTIAL(scale=0, positive=Counts(offset=2**31 - 2, bucket_counts=[1])), "beyond any number"),
        (EXPONENTIAL(positive=Counts(bucket_counts=[0] * (MAX_BUCKETS + 1))), "more than"),
    ],
)
def test_impossible_exponential_buckets_are_malformed(point, reason):
    with pytest.raises(Malformed, match=reason):
        exponential(point, 1.0)


def test_a_quantile_is_interpolated():
    assert quantile({(0.0, 1.0): 50, (1.0, 2.0): 50}, 0.75) == pytest.approx(1.5)


def test_a_quantile_beyond_all_bounds_is_the_last_of_them():
    assert quantile({(0.0, 1.0): 1, (1.0, inf): 99}, 0.95) == 1.0


@given(
    st.lists(st.floats(0, 1e9), min_size=2, max_size=12, unique=True).map(sorted),
    st.data(),
    st.floats(0, 1),
)
def test_a_quantile_is_within_the_bounds_of_a_bucket_that_holds_it(edges, data, at):
    pairs = list(itertools.pairwise(edges))
    held = data.draw(st.lists(st.integers(1, 2**40), min_size=len(pairs), max_size=len(pairs)))
    buckets = dict(zip(pairs, held, strict=True))

    found = quantile(buckets, at)

    assert edges[0] <= found <= edges[-1]
    below = sum(count for (_, high), count in buckets.items() if high < found)
    upto = sum(count for (low, _), count in buckets.items() if low <= found)
    assert below <= at * sum(held) * (1 + 1e-9)
    assert upto >= at * sum(held) * (1 - 1e-9)


@given(
    st.integers(-10, 20),
    st.integers(-2000, 2000),
    st.lists(st.integers(0, 1000), max_size=30),
    st.integers(0, 1000),
)
def test_exponential_counts_are_kept_whatever_the_scale(scale, offset, values, zeros):
    point = EXPONENTIAL(scale=scale, zero_count=zeros, positive=Counts(offset=offset, bucket_counts=values))
    try:
        buckets = exponential(point, 1.0)
    except Malformed:
        return

    assert sum(buckets.values()) == sum(values) + zeros
    assert all(low <= high for low, high in buckets)
