"""Quantiles of a series; numpy's own serve every shape and take ten times as long for some hundred values."""

from __future__ import annotations

import numpy as np

from causely_core.detection.review.recording import Floats


def median(values: Floats) -> float:
    """The middle of one finite value or more."""
    return middle(np.sort(values))


def quantile(values: Floats, share: float) -> float:
    """What ``share`` of one finite value or more are below."""
    return between(np.sort(values), share)


def middle(ordered: Floats) -> float:
    """The median of values in ascending order."""
    half = len(ordered) // 2
    return float(ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2.0)


def between(ordered: Floats, share: float) -> float:
    """The quantile of values in ascending order, to the last bit as :func:`numpy.quantile` puts it between two."""
    place = (len(ordered) - 1) * share
    below = int(place)
    low, high, part = float(ordered[below]), float(ordered[min(below + 1, len(ordered) - 1)]), place - below
    return low + (high - low) * part if part < 0.5 else high - (high - low) * (1.0 - part)
