"""Reviewing shares of failed requests: whether more of them failed than chance and habit allow."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from attrs import frozen

from causely_core.detection.binomial import tail, wilson
from causely_core.detection.error_rate_detector import ErrorRateDetector
from causely_core.detection.review.breaks import LONE_SEVERITY, Break
from causely_core.detection.review.quantiles import between
from causely_core.detection.review.recording import Floats, Recording, Stretch
from causely_core.detection.review.scale import MIN_USUAL
from causely_core.model import Symptom, ThresholdSource, Window

_HABIT, _RARE = 0.95, 0.995
"""Quantiles of the usual shares that several values in a row, or a single one, must exceed."""
_CHANCE = 1e-4
"""Failures less likely than this, were the share at its threshold, break it (exact binomial)."""
_FEWEST = 2.5
_LONGEST = 3


_Timed = tuple[Floats, Floats]
"""Times and values."""


@frozen
class _Limits:
    """What shares must exceed: ``habit`` several in a row, ``rare`` a single one; ``center`` is usual."""

    center: float
    habit: float
    rare: float
    source: ThresholdSource


@frozen(eq=False)
class _Counted:
    """Failures and requests, one a value."""

    failures: Floats
    requests: Floats

    @property
    def share(self) -> Floats:
        """Failures by requests."""
        return np.asarray(self.failures / np.maximum(self.requests, 1e-9))


def review_shares(detector: ErrorRateDetector, recording: Recording) -> Iterator[Symptom]:
    """The symptoms in the window."""
    manual = detector.thresholds.manual(detector.symptom, Window(recording.end, {}, entities=recording.entities))
    counts = recording.of(detector.count)
    for entity, stretch in sorted(recording.of(detector.attribute).items()):
        broken = _break(detector, stretch, counts.get(entity), manual.get(entity), recording.remote)
        if broken is not None:
            yield broken.symptom(entity, detector.symptom, detector.attribute, detector.name, recording.end)


def _break(
    detector: ErrorRateDetector, stretch: Stretch, counts: Stretch | None, manual: float | None, remote: bool
) -> Break | None:
    usual = _counted(
        (stretch.usual_times, stretch.usual), None if counts is None else (counts.usual_times, counts.usual)
    )
    now = _counted((stretch.times, stretch.values), None if counts is None else (counts.times, counts.values))
    if not now.requests.sum():
        return None
    limits = _limits(detector, usual) if manual is None else _Limits(math.nan, manual, manual, ThresholdSource.MANUAL)
    run = _run(now, limits)
    if run is None:
        return None
    times, shares = stretch.times[run], now.share[run]
    most = 1.0 if len(shares) > 1 else LONE_SEVERITY
    broken = Break(times, shares, limits.center, limits.habit, most, limits.source)
    unknown = limits.source is ThresholdSource.DEFAULT
    drifted = remote and limits.source is ThresholdSource.LEARNED and bool((now.share > limits.habit).all())
    return broken.drifted() if drifted or unknown else broken


def _limits(detector: ErrorRateDetector, usual: _Counted) -> _Limits:
    """What is beyond habit, and beyond what the number of usual requests can tell.

    The usual share is that without the worst values: a baseline of days holds a mishap now and then.
    """
    asked = usual.requests > 0.0
    if asked.sum() < MIN_USUAL:
        default = detector.thresholds.default
        return _Limits(math.nan, default, default, ThresholdSource.DEFAULT)
    shares = np.sort(usual.share[asked])
    habit, rare = between(shares, _HABIT), between(shares, _RARE)
    calm = asked & (usual.share <= habit)
    failures, requests = float(usual.failures[calm].sum()), float(usual.requests[calm].sum())
    share = failures / requests
    least = max(wilson(failures, requests, 2.0)[1], detector.ratio * share, share + detector.floor)
    return _Limits(share, min(max(habit, least), 1.0), min(max(rare, least), 1.0), ThresholdSource.LEARNED)


def _run(now: _Counted, limits: _Limits) -> slice | None:
    """The one to three values in a row whose failures are least likely by chance, if they break."""
    best, chance = None, _CHANCE
    for length in range(1, _LONGEST + 1):
        for start in range(len(now.requests) - length + 1):
            part = slice(start, start + length)
            threshold = limits.habit if length > 1 else limits.rare
            likely = _likely(now, part, threshold)
            if likely < chance:
                best, chance = part, likely
    return best


def _likely(now: _Counted, part: slice, threshold: float) -> float:
    """How likely so many failures are if the share is at the threshold; 1 where a value is not above it."""
    failures, requests = float(now.failures[part].sum()), float(now.requests[part].sum())
    if failures < _FEWEST or (now.share[part] <= threshold).any():
        return 1.0
    return tail(failures, requests, threshold)


def _counted(shares: _Timed, counts: _Timed | None) -> _Counted:
    """Shares with the requests that they are of, of the same time; one where these are not known."""
    times, clipped = shares[0], np.clip(shares[1], 0.0, 1.0)
    if counts is None or not len(counts[0]):
        requests = np.ones(len(clipped))
    else:
        place = np.searchsorted(counts[0], times).clip(max=len(counts[0]) - 1)
        requests = np.where(counts[0][place] == times, counts[1][place], 1.0)
    return _Counted(clipped * requests, requests)
