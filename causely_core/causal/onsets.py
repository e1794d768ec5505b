"""The order of onsets as soft evidence: a cause that shows itself after what it would have caused is less likely."""

from __future__ import annotations

import numpy as np

from causely_core.causal.arrays import Floats

TOLERANCE = 10.0
"""Seconds by which onsets may disagree: telemetry comes in batches and symptoms take some intervals to be judged."""

_LATENESS = 20.0
"""Seconds beyond the tolerance that cost one nat."""

_LATENESS_MOST = 1.5
"""Nats that the order of onsets may cost at most: clocks and hysteresis make it soft evidence."""

LIKELY = 0.3
"""Belief from which a symptom's onset is compared with the cause's own."""


def lateness(own: Floats, caused: Floats) -> Floats:
    """For each candidate the log likelihood of the onsets of its own symptoms; zero or less.

    Args:
        own: earliest onset of what it shows directly, seconds; infinite where it shows nothing.
        caused: likewise, of what it shows beyond with a belief of :data:`LIKELY` or more.
    """
    both = np.isfinite(own) & np.isfinite(caused)
    late = np.zeros(len(own))
    late[both] = own[both] - caused[both] - TOLERANCE
    return -np.clip(late / _LATENESS, 0.0, _LATENESS_MOST)
