"""Latencies along a call tree, one service of which becomes slow: numbers, for tools that reason about numbers.

Each service takes a time of its own and waits for its callees, so that what is slow shows in all its callers.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
from attrs import frozen
from call_trees import parents
from numpy.typing import NDArray

OWN, SPREAD = 0.020, 0.004
"""Seconds that a service itself takes: mean and standard deviation."""

SLOWED = 20.0
"""Standard deviations that the slow service takes more."""


@frozen(eq=False)
class Latencies:
    """What was measured.

    Attributes:
        callers: of service 1 and on, the number of the one that calls it; service 0 is the front end.
        usual: seconds, one row a request and one column a service.
        late: seconds, one row: a request while one service is slow.
        slow: that service's number.
    """

    callers: Sequence[int]
    usual: NDArray[np.float64]
    late: NDArray[np.float64]
    slow: int


def latencies(services: int, seed: int, requests: int = 2_000) -> Latencies:
    """A random tree, with any of its services but the front end slow."""
    chance = random.Random(seed)
    callers = parents(services, chance)
    slow = chance.randrange(1, services)
    own = np.random.default_rng(seed).normal(OWN, SPREAD, (requests + 1, services))
    own[-1, slow] += SLOWED * SPREAD
    for callee in range(services - 1, 0, -1):
        own[:, callers[callee - 1]] += own[:, callee]
    return Latencies(callers, own[:-1], own[-1:], slow)
