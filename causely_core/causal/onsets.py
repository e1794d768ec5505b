"""The order of onsets as soft evidence: a cause that shows itself after what it would have caused is less likely."""

from __future__ import annotations

import numpy as np

from causely_core.causal.arrays import Floats, Places
from causely_core.causal.walk import DIRECT, Walks

TOLERANCE = 10.0
"""Seconds by which onsets may disagree: telemetry comes in batches and symptoms take some intervals to be judged."""

_LATENESS = 20.0
"""Seconds beyond the tolerance that cost one nat."""

_LATENESS_MOST = 1.5
"""Nats that the order of onsets may cost at most: clocks and hysteresis make it soft evidence."""

_LIKELY = 0.3
"""Belief from which a symptom's onset is compared with the cause's own."""


def lateness(walks: Walks, count: int) -> Floats:
    """For each of ``count`` walks the log likelihood of the onsets of the symptoms that it starts at; zero or less."""
    walk, node = walks.walk, walks.node
    cells = np.flatnonzero(walks.observed.number[node])
    onset = walks.observed.onsets[walks.observed.number[node[cells]] - 1]
    direct = walks.via[cells] == DIRECT
    likely = ~direct & (walks.belief[cells] >= _LIKELY)
    own = _earliest(walk[cells[direct]], onset[direct], count)
    caused = _earliest(walk[cells[likely]], onset[likely], count)
    both = np.isfinite(own) & np.isfinite(caused)
    late = np.zeros(count)
    late[both] = own[both] - caused[both] - TOLERANCE
    return -np.clip(late / _LATENESS, 0.0, _LATENESS_MOST)


def _earliest(walk: Places, onset: Floats, count: int) -> Floats:
    earliest = np.full(count, np.inf)
    np.minimum.at(earliest, walk, onset)
    return earliest
