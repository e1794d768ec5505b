"""Flows: bytes that services send and receive, and which connections there still are, by the kernel's tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from causely_core.host import Owner
from causely_core.model import EntityId, Series

_Sums = dict[int, tuple[int, int]]
"""Bytes sent and received by process."""


@define
class Flows:
    """Compares one reading of the tables with the last one.

    Attributes:
        owner: whose a process is, or was.
    """

    owner: Callable[[int], Owner | None]
    _before: _Sums = field(factory=dict, init=False)
    _at: float | None = field(default=None, init=False)
    _missing: frozenset[int] = field(factory=frozenset, init=False)

    def values(self, open: NDArray[np.void], closed: _Sums, now: float) -> Iterator[tuple[Series, float]]:
        """Rates of each service since the last reading; none at the first.

        Args:
            open: values of ``conns``, of all connections that there are.
            closed: bytes of connections that are closed, since the start.
            now: seconds since the epoch.
        """
        sums = summed(open, closed)
        before, self._before = self._before, sums
        at, self._at = self._at, now
        if at is None or now <= at:
            return
        sent, received = Counter[EntityId](), Counter[EntityId]()
        for pid, (out, into) in sums.items():
            out_before, into_before = before.get(pid, (0, 0))
            if (out, into) != (out_before, into_before) and (owner := self.owner(pid)):
                # What the kernel has forgotten for want of room is missing in the sum.
                sent[owner.service] += max(out - out_before, 0)
                received[owner.service] += max(into - into_before, 0)
        for attribute, counts in (("network_sent_rate", sent), ("network_received_rate", received)):
            for service, count in counts.items():
                yield Series(service, attribute), count / (now - at)

    def gone(self, followed: Iterable[int], open: NDArray[np.void]) -> list[int]:
        """Of the connections ``followed``, by id, those that were not there at this reading nor at the last one.

        Their ends were not told: there was no room for it, or the kernel had none for them.
        """
        missing = frozenset(followed) - frozenset(open["id"].tolist())
        gone = missing & self._missing
        self._missing = missing - gone
        return sorted(gone)


def summed(open: NDArray[np.void], closed: _Sums) -> _Sums:
    """Bytes of all connections that processes have or had."""
    processes, places = np.unique(open["tgid"], return_inverse=True)
    sums = dict(closed)
    sent, received = (np.bincount(places, open[name], len(processes)) for name in ("sent", "received"))
    for pid, out, into in zip(processes.tolist(), sent.tolist(), received.tolist(), strict=True):
        out_before, into_before = sums.get(pid, (0, 0))
        sums[pid] = out_before + int(out), into_before + int(into)
    sums.pop(0, None)  # accepted, and not used yet
    return sums
