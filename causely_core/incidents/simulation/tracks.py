"""What is recorded of a scenario: series over the baseline and the window, with the noise of measuring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen

from causely_core.incidents.incident import Span, Track
from causely_core.incidents.simulation.course import Course
from causely_core.incidents.simulation.noise import COUNTED, RATES, count, day, failed, measured
from causely_core.incidents.simulation.places import INTERVAL
from causely_core.incidents.simulation.queueing import Floats, Ints
from causely_core.model import EntityId, Series

_COUNTS = tuple(dict.fromkeys(COUNTED.values()))


@frozen(eq=False)
class Recording:
    """How a course is recorded.

    Attributes:
        ids: entity at each place.
        baseline, window: when; the course begins with the window.
        step: seconds between samples.
    """

    ids: Sequence[EntityId]
    baseline: Span
    window: Span
    step: float

    @property
    def times(self) -> Floats:
        """When samples are taken, in seconds since the epoch."""
        return np.arange(self.baseline.start, self.window.end + self.step / 2.0, self.step)


def record(course: Course, recording: Recording, rng: np.random.Generator) -> list[Track]:
    """All series, sorted by entity and attribute; each ends where nothing is left to be measured."""
    counts = {attribute: _counts(course, recording, attribute, rng) for attribute in _COUNTS}
    found: list[Track] = []
    for attribute in sorted(course.before):
        places = _places(course, attribute)
        values = _values(course, recording, attribute, places, counts, rng)
        found += _tracks(recording, attribute, places, values)
    return sorted(found, key=lambda track: (track.series.entity, track.series.attribute))


def _values(
    course: Course,
    recording: Recording,
    attribute: str,
    places: Ints,
    counts: dict[str, Floats],
    rng: np.random.Generator,
) -> Floats:
    if attribute in counts:
        return counts[attribute][places]
    true = course.values(attribute, places, recording.times - recording.window.start)
    if attribute in COUNTED:
        return failed(true, counts[COUNTED[attribute]][places], rng)
    if attribute in RATES:
        true = true * day(recording.times)
    of = counts["request_count"][places] if attribute.startswith("request_duration") else None
    return measured(attribute, true, of, rng)


def _counts(course: Course, recording: Recording, attribute: str, rng: np.random.Generator) -> Floats:
    """Requests in each step (places, times), at all places."""
    everywhere = np.arange(len(recording.ids))
    expected = course.values(attribute, everywhere, recording.times - recording.window.start)
    return count(expected * day(recording.times) * recording.step / INTERVAL, rng)


def _places(course: Course, attribute: str) -> Ints:
    """Where the attribute is measured at any time."""
    return np.flatnonzero(np.isfinite([state[attribute] for state in course.states]).any(axis=0))


def _tracks(recording: Recording, attribute: str, places: Ints, values: Floats) -> Iterator[Track]:
    times = recording.times
    for place, row in zip(places.tolist(), values, strict=True):
        there = np.isfinite(row)
        if there.any():
            yield Track(Series(recording.ids[place], attribute), times[there], row[there])
