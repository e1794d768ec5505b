import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.traffic.buckets import BUCKETS, bucket_of, merged, quantiles, seconds_in

NANOS = st.integers(1024, 2**49)


@given(st.lists(NANOS, min_size=1))
def test_the_middle_of_its_bucket_is_within_three_percent_of_a_duration(nanos):
    values = np.array(nanos, dtype=np.float64)
    assert seconds_in(bucket_of(values)) == pytest.approx(values * 1e-9, rel=0.03)


@given(st.integers(0, 2**64 - 1))
def test_any_duration_has_a_bucket(nanos):
    assert 0 <= bucket_of(np.array([nanos], dtype=np.float64))[0] < BUCKETS


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9))))
def test_merging_sums_by_key(pairs):
    keys, counts = merged(*np.array(pairs, dtype=np.int64).reshape(-1, 2).T)
    expected = {key: sum(n for k, n in pairs if k == key) for key, _ in pairs}
    assert dict(zip(keys.tolist(), counts.tolist(), strict=True)) == expected
    assert keys.tolist() == sorted(expected)


@given(st.dictionaries(st.integers(0, 4), st.lists(NANOS, min_size=1, max_size=50)), st.floats(0, 1))
def test_quantiles_of_each_row_are_those_of_its_durations(durations, quantile):
    drawn = [(row * BUCKETS + bucket_of(np.array(nanos, dtype=np.float64))) for row, nanos in durations.items()]
    flat = np.concatenate([np.zeros(0, np.int64), *drawn])
    found = quantiles(*merged(flat, np.ones(len(flat), np.int64)), 5, (quantile,))[:, 0]
    for row in range(5):
        if row in durations:
            true = np.quantile(durations[row], quantile, method="inverted_cdf") * 1e-9
            assert found[row] == pytest.approx(true, rel=0.03)
        else:
            assert np.isnan(found[row])
