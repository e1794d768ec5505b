"""From an incident to what reviewers see: cut at its spans, in minutes or longer, in the table's units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np

from causely_core.detection.review import Recording, Stretch
from causely_core.detection.review.quantiles import median
from causely_core.detection.review.recording import Floats
from causely_core.incidents.incident import Incident, Span, Track
from causely_core.model import EntityId

GRAIN = 60.0
"""Seconds; finer samples are put together, so that a hiccup is outvoted by what comes before and after it."""
REMOTE = 86_400.0
"""Seconds between baseline and window beyond which levels may have drifted: releases, data, days of the week."""
_COUNTED = ("_count",)
_Stretches = dict[str, dict[EntityId, Stretch]]


def recording_of(incident: Incident) -> Recording:
    """The recording of ``incident``."""
    stretches: _Stretches = defaultdict(dict)
    for track in incident.tracks:
        stretches[track.series.attribute][track.series.entity] = _stretch(track, incident.baseline, incident.window)
    _derive(stretches)
    entities = {entity.id: entity for entity in incident.entities}
    return Recording(dict(stretches), entities, incident.window.end, _remote(incident))


def _remote(incident: Incident) -> bool:
    after = incident.window.start - incident.baseline.end
    before = incident.baseline.start - incident.window.end
    return max(after, before) > REMOTE


def _stretch(track: Track, baseline: Span, window: Span) -> Stretch:
    total = track.series.attribute.endswith(_COUNTED)
    return Stretch(*_grained(*_within(track, baseline), total), *_grained(*_within(track, window), total))


def _within(track: Track, span: Span) -> tuple[Floats, Floats]:
    rows = slice(*np.searchsorted(track.times, (span.start, np.nextafter(span.end, np.inf))))
    return track.times[rows], track.values[rows]


def _grained(times: Floats, values: Floats, total: bool) -> tuple[Floats, Floats]:
    """The sum of counts, the median of everything else, over each grain; as they are when they are coarser."""
    if len(times) < 2 or median(np.diff(times)) >= GRAIN / 2.0:
        return times, values
    bins = np.floor(times / GRAIN)
    starts = np.flatnonzero(np.diff(bins, prepend=-np.inf))
    parts = np.split(values, starts[1:])
    merged = [part.sum() if total else median(part) for part in parts]
    return bins[starts] * GRAIN, np.array(merged)


def _derive(stretches: _Stretches) -> None:
    """Attributes that say the same in other words, where only one of them was recorded."""
    for id, stretch in stretches.get("availability", {}).items():
        stretches["error_rate"].setdefault(id, _mapped(stretch, lambda percent: 1.0 - percent / 100.0))
    for id, stretch in stretches.get("request_count", {}).items():
        if id not in stretches["request_rate"]:
            stretches["request_rate"][id] = _rate(stretch)


def _mapped(stretch: Stretch, to: Callable[[Floats], Floats]) -> Stretch:
    return Stretch(stretch.usual_times, to(stretch.usual), stretch.times, to(stretch.values))


def _rate(counts: Stretch) -> Stretch:
    steps = np.diff(counts.usual_times if len(counts.usual_times) > 1 else counts.times)
    step = median(steps) if len(steps) else GRAIN
    return _mapped(counts, lambda count: count / step)
