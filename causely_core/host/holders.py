"""Which processes hold sockets, by the files that they have open."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping

from attrs import define, field

from causely_core.host.processes import Process
from causely_core.host.root import HostRoot, link

_INODE = re.compile(r"socket:\[(\d+)\]")


@define
class Holders:
    """Remembers who holds a socket from one question to the next.

    Attributes:
        root: the machine.
    """

    root: HostRoot
    _known: dict[int, Process | None] = field(factory=dict, init=False)

    def of(self, inodes: Iterable[int], alive: Mapping[int, Process]) -> Mapping[int, Process | None]:
        """Who of ``alive``, all processes by id, holds each socket; what is not asked for is forgotten.

        Files are looked at only when a socket is new or its holder is gone.
        """
        wanted = set(inodes)
        known = {inode: holder for inode, holder in self._known.items() if holder is None or _lives(holder, alive)}
        self._known = {inode: known[inode] for inode in wanted & known.keys()}
        if missing := wanted - known.keys():
            self._known |= dict.fromkeys(missing) | holders(self.root, missing, alive)
        return self._known


def holders(root: HostRoot, inodes: set[int], alive: Mapping[int, Process]) -> dict[int, Process]:
    """Of those that hold a socket, the one that began first; the machine's first process only if it is alone."""
    found: dict[int, Process] = {}
    missing = set(inodes)
    for process in sorted(alive.values(), key=lambda each: (each.pid == 1, each.started, each.pid)):
        if not missing:
            break
        held = _inodes(root, process.pid) & missing
        found |= dict.fromkeys(held, process)
        missing -= held
    return found


def _inodes(root: HostRoot, pid: int) -> set[int]:
    folder = f"{root.proc}/{pid}/fd"
    try:
        names = os.listdir(folder)  # noqa: PTH208 (Path is slower)
    except OSError:
        return set()
    found = (_INODE.fullmatch(link(f"{folder}/{name}")) for name in names)
    return {int(match[1]) for match in found if match}


def _lives(holder: Process, alive: Mapping[int, Process]) -> bool:
    now = alive.get(holder.pid)
    return now is not None and now.started == holder.started
