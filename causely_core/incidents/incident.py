"""A recorded incident: what was there, what was measured, and which time is to be explained."""

from __future__ import annotations

import numpy as np
from attrs import cmp_using, field, frozen
from numpy.typing import NDArray

from causely_core.model import Entity, Relation, Series, SymptomKey


@frozen
class Span:
    """A stretch of time, both ends included, in seconds since the epoch."""

    start: float
    end: float


@frozen
class Track:
    """All that was recorded of one series.

    Attributes:
        series: whose and of what; the peer is always empty.
        times: (samples,) float64 seconds since the epoch, ascending, none twice.
        values: (samples,) float64 in the attribute's unit (docs/attributes.md), finite.
    """

    series: Series
    times: NDArray[np.float64] = field(eq=cmp_using(eq=np.array_equal))
    values: NDArray[np.float64] = field(eq=cmp_using(eq=np.array_equal))


@frozen
class Incident:
    """One recorded incident; docs/incidents.md describes its files.

    Attributes:
        entities: their ids are any texts that are unique in the incident.
        relations: between them.
        tracks: what was measured, in the window, the baseline and maybe besides, sorted by entity and attribute.
        baseline: when all was well; may lie long before or after the window.
        window: what is to be explained.
        reported: what a person noticed; none when nobody said.
    """

    entities: tuple[Entity, ...]
    relations: tuple[Relation, ...]
    tracks: tuple[Track, ...]
    baseline: Span
    window: Span
    reported: SymptomKey | None = None
