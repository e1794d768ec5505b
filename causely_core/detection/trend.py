"""Whether a few samples rise, and by how much, not minding outliers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causely_core.detection.baseline import Floats, median

if TYPE_CHECKING:
    from numpy.typing import NDArray


def rise(times: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Agreement and size of the rise of each row; (rows, n) to two (rows,), NaN for rows with NaN.

    Returns:
        tau: share of rising minus falling pairs, -1..1 (Mann, Econometrica 1945; Kendall 1975).
        total: median slope of all pairs (Theil 1950, Sen, JASA 1968) times the rows' length.
    """
    older, newer = _pairs(values.shape[1])
    apart = times[:, newer] - times[:, older]
    change = values[:, newer] - values[:, older]
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = change / apart
    span = times[:, -1] - times[:, 0]
    return np.sign(change).mean(axis=1), median(slopes) * span


def _pairs(samples: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    older, newer = np.triu_indices(samples, 1)
    return older, newer
