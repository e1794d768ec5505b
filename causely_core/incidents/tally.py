"""What a recording has taken in so far."""

from __future__ import annotations

import math

from attrs import define

from causely_core.incidents.incident import Span, Track


@define
class Tally:
    """Counts over a recording.

    Attributes:
        tracks: series written.
        samples: of all of them.
        strangers: series left out, of entities that the topology does not have.
        first: time of the earliest sample; infinite without samples.
        last: time of the latest sample; minus infinity without samples.
    """

    tracks: int = 0
    samples: int = 0
    strangers: int = 0
    first: float = math.inf
    last: float = -math.inf

    def add(self, track: Track) -> None:
        """Count a track that has samples."""
        self.tracks += 1
        self.samples += len(track.times)
        self.first = min(self.first, float(track.times[0]))
        self.last = max(self.last, float(track.times[-1]))

    def measured(self, span: Span) -> Span | None:
        """``span`` without the time before the first sample; none when that leaves nothing."""
        return Span(max(span.start, self.first), span.end) if self.first < span.end else None
