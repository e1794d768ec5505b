"""Shedding: how many connections are followed while memory is short, and after."""

from __future__ import annotations

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from causely_core.hookspecs import MemoryPressure
from causely_plugin_ebpf.connection import Address, Connection, address
from causely_plugin_ebpf.records import SHED

TURN = 2.0
"""Seconds from one change to the next: what was freed has to show first."""

CALM = 10.0
"""Seconds without pressure after which more connections are followed again."""

FEWEST = 256
"""Connections that are followed however short memory is: they take less than 2 MiB."""

_SHED, _RESUMED = 8, 32
"""One of so many is shed in a turn under pressure, or followed again in one without."""


@define
class Shedding:
    """Adapts the number of connections to memory: down soon, up slowly, for what is followed anew has lost its thread.

    Attributes:
        most: connections that are followed where memory is not short.
        limit: connections that are followed now.
    """

    most: int
    limit: int = field(init=False)
    _pressure: MemoryPressure = field(default=MemoryPressure.NONE, init=False)
    _changed: float = field(default=float("-inf"), init=False)
    _pressed: float = field(default=float("-inf"), init=False)

    def __attrs_post_init__(self) -> None:
        """Begin with as many as may be."""
        self.limit = self.most

    @property
    def short(self) -> bool:
        """Whether fewer are followed than would be if memory were not, or had not been, short."""
        return self.limit < self.most

    def adapt(self, pressure: MemoryPressure, followed: int, now: float) -> int:
        """The limit from now on.

        Args:
            pressure: how short of memory the process is.
            followed: connections that are followed.
            now: seconds of any clock.
        """
        fewest, begins = min(FEWEST, self.most), pressure and not self._pressure
        self._pressure = pressure
        if pressure:
            self._pressed = now
        if begins:
            self.limit = min(self.limit, max(followed, fewest))
        if now - self._changed >= TURN:
            if pressure is MemoryPressure.SHED:
                self._changed = now
                self.limit = max(self.limit * (_SHED - 1) // _SHED, fewest)
            elif self.short and now - self._pressed >= CALM:
                self._changed = now
                self.limit = min(self.limit + max(self.most // _RESUMED, 1), self.most)
        return self.limit


def resumable(keys: NDArray[np.uint64], table: NDArray[np.void], most: int) -> list[Connection]:
    """The connections that were shed of those in the kernel's table, as far as it knows them; ``most`` at most."""
    chosen = np.flatnonzero(table["muted"] == SHED)[:most]
    rows = table[chosen]
    columns = [rows[name].tolist() for name in ("id", "tgid", "fd", "role", "since")]
    return [
        Connection(id, tgid, fd, role, since, _address(row["remote"]), _address(row["local"]), key)
        for row, key, id, tgid, fd, role, since in zip(rows, keys[chosen].tolist(), *columns, strict=True)
    ]


def _address(end: np.void) -> Address | None:
    return address(int(end["family"]), int(end["port"]), end["ip"].tobytes())
