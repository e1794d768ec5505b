"""Processes of the machine, each read once: who they are does not change unless they execute another program.

Plain reads, not psutil: whoever follows connections asks for a process each time, and one read has to do then.
"""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Iterator
from threading import RLock

from attrs import define, field, frozen

from causely_core.host.cgroups import Cgroup, parse_cgroup
from causely_core.host.declared import Declared, parse_environment
from causely_core.host.root import HostRoot, link, read
from causely_core.host.stat import Stat, parse_stat

_MAX_ARGUMENTS = 4096
_MAX_ENVIRONMENT = 1 << 17
_ENDED = frozenset("ZXx")


@frozen(eq=False)
class Process:
    """Who a process is.

    Attributes:
        pid: process id, in the machine's namespace.
        started: clock ticks from the machine's boot to its begin.
        parent: the parent's process id when it was read.
        name: of the program, at most 15 bytes, which threads and programs may change.
        executable: path of the program as the process sees it; empty when it may not be read.
        arguments: the command line, its first 4096 bytes. It may hold secrets: never shown, never told.
        directory: its working directory when it was read, as the process sees it.
        declared: its service by its environment.
        cgroup: where it runs.
    """

    pid: int
    started: int
    parent: int
    name: str
    executable: str = ""
    arguments: tuple[str, ...] = field(default=(), repr=False)
    directory: str = ""
    declared: Declared = field(factory=Declared)
    cgroup: Cgroup = field(factory=Cgroup)


@define
class Processes:
    """Looks processes up; safe to use from several threads.

    Attributes:
        root: the machine.
        limit: processes kept at most; of more, those asked for longest ago are read again.
    """

    root: HostRoot
    limit: int = 16_384
    _known: OrderedDict[int, tuple[tuple[object, ...], Process]] = field(factory=OrderedDict, init=False)
    _running: list[tuple[Process, Stat]] = field(factory=list, init=False)
    _looked: float = field(default=float("-inf"), init=False)
    _lock: RLock = field(factory=RLock, init=False)

    def of(self, pid: int) -> Process | None:
        """Who runs under ``pid`` now; none when nobody does, or only a thread of the kernel's."""
        with self._lock:
            stat = parse_stat(read(f"{self.root.proc}/{pid}/stat"))
            if stat is None or stat.kernel:
                self._known.pop(pid, None)
                return None
            return self._described(stat)

    def running(self, age: float = 0.0) -> list[tuple[Process, Stat]]:
        """All processes that run now, with their numbers; those that no longer do are forgotten.

        Args:
            age: seconds ago at which somebody else may have looked; then what was seen is told again.
        """
        with self._lock:
            now = time.monotonic()
            if now - self._looked > age:
                self._looked, self._running = now, self._look()
            return self._running

    def _look(self) -> list[tuple[Process, Stat]]:
        found = [(self._described(stat), stat) for stat in self._stats() if stat.state not in _ENDED]
        alive = {process.pid for process, _ in found}
        for pid in self._known.keys() - alive:
            del self._known[pid]
        return found

    def _stats(self) -> Iterator[Stat]:
        names = (name for name in os.listdir(self.root.proc) if name.isdecimal())  # noqa: PTH208 (Path is slower)
        stats = (parse_stat(read(f"{self.root.proc}/{name}/stat")) for name in names)
        return (stat for stat in stats if stat is not None and not stat.kernel)

    def _described(self, stat: Stat) -> Process:
        identity = (stat.started, stat.image, stat.name)
        known = self._known.get(stat.pid)
        # One that has ended tells nothing more, so that what was read before stays.
        if known is None or (known[0] != identity and stat.state not in _ENDED):
            known = self._known[stat.pid] = (identity, self._read(stat))
        self._known.move_to_end(stat.pid)
        if len(self._known) > self.limit:
            self._known.popitem(last=False)
        return known[1]

    def _read(self, stat: Stat) -> Process:
        folder = f"{self.root.proc}/{stat.pid}"
        line = read(f"{folder}/cmdline", _MAX_ARGUMENTS).rstrip(b"\0 ")
        return Process(
            stat.pid,
            stat.started,
            stat.parent,
            stat.name,
            link(f"{folder}/exe").removesuffix(" (deleted)"),
            tuple(line.decode(errors="replace").split("\0")) if line else (),
            link(f"{folder}/cwd"),
            parse_environment(read(f"{folder}/environ", _MAX_ENVIRONMENT)),
            parse_cgroup(read(f"{folder}/cgroup")),
        )
