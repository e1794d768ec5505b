"""Quantiles are numpy's, to the last bit."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from causely_core.detection.review.quantiles import median, quantile

VALUES = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=40).map(np.array)


@given(VALUES)
def test_the_median_is_that_of_numpy(values):
    assert median(values) == np.median(values)


@given(VALUES, st.floats(0.0, 1.0))
def test_a_quantile_is_that_of_numpy(values, share):
    assert quantile(values, share) == np.quantile(values, share)
