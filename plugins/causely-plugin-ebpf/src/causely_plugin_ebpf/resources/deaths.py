"""Deaths: processes that a signal has ended, by what that says of their service."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator, Mapping

from attrs import define, field

from causely_core.host import Owner, Recent
from causely_core.model import EntityId

_DEFECTS = frozenset({"QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "SEGV", "XCPU", "XFSZ", "SYS"})
"""Signals that a process gets for what it does itself, or gives itself; KILL and TERM come from others."""

CRASHES = frozenset(int(getattr(signal, f"SIG{name}")) for name in _DEFECTS)

OOM_KILLS, CRASHES_OF_LATE = "oom_kill_count", "crash_count"

Death = tuple[int, int, bool]
"""Process, signal, and whether the kernel has chosen it for want of memory."""


@define(eq=False)
class Deaths:
    """Counts them over the last ten minutes.

    What was killed for want of memory in a container is told of the container by its control group, or by the kubelet
    (``causely-plugin-host``): here only what runs in none counts, so that no kill is told of twice.

    Attributes:
        unknown: of processes of which nobody knows whose they were.
    """

    unknown: int = field(default=0, init=False)
    _recent: Recent = field(factory=Recent, init=False)
    _services: dict[EntityId, Owner] = field(factory=dict, init=False)

    def add(self, deaths: Iterable[Death], owners: Mapping[int, Owner], now: float) -> None:
        """Take note of deaths; ``owners`` are those of all processes that were seen of late."""
        for process, number, victim in deaths:
            owner = owners.get(process)
            if owner is None:
                self.unknown += 1
            elif victim and not owner.container:
                self._note(owner, OOM_KILLS, now)
            elif number in CRASHES:
                self._note(owner, CRASHES_OF_LATE, now)

    def values(self, services: dict[EntityId, Owner], now: float) -> Iterator[tuple[EntityId, str, float]]:
        """What services, and those that were services when they died, have suffered of late."""
        self._recent.forget(now)
        for id, owner in (self._services | services).items():
            attributes = (CRASHES_OF_LATE,) if owner.container else (CRASHES_OF_LATE, OOM_KILLS)
            counts = {name: self._recent.add((id, name), 0.0, now) or 0.0 for name in attributes}
            if id not in services and not any(counts.values()):
                del self._services[id]
            yield from ((id, name, count) for name, count in counts.items())

    def _note(self, owner: Owner, attribute: str, now: float) -> None:
        self._recent.add((owner.service, attribute), 1.0, now)
        self._services[owner.service] = owner
