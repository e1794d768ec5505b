"""Binaries: what a process executes at an address, by the names of the files that are mapped there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import OrderedDict

from attrs import define, field

from causely_core.host import HostRoot, read

KERNEL = "[kernel]"
ANONYMOUS = "[anonymous]"
"""Code that was never in a file: of just-in-time compilers, mostly."""

_LINE = re.compile(rb"^([0-9a-f]{1,16})-([0-9a-f]{1,16}) ..x. [0-9a-f]+ [0-9a-f:]+ \d+ *([^\n]*)$", re.MULTILINE)
_PAGE_BITS = 12
_MOST = 256

Mapping = tuple[int, int, str]
"""First page, the page behind the last, and the name."""


def executable(content: bytes) -> list[Mapping]:
    """What is mapped to be executed, in order, of ``/proc/<pid>/maps``; a file's name without its folders."""
    return sorted(
        (int(begin, 16) >> _PAGE_BITS, int(end, 16) >> _PAGE_BITS, _name(path.decode(errors="replace")))
        for begin, end, path in _LINE.findall(content)
    )


def name_at(mappings: list[Mapping], page: int) -> str | None:
    """The name of what is mapped at a page; none when nothing is."""
    place = bisect_right(mappings, page, key=lambda each: each[0]) - 1
    return mappings[place][2] if place >= 0 and page < mappings[place][1] else None


@define(eq=False)
class Binaries:
    """Reads what processes have mapped, once for each until it has changed."""

    root: HostRoot
    _known: OrderedDict[int, list[Mapping]] = field(factory=OrderedDict, init=False)

    def name(self, pid: int, page: int) -> str | None:
        """What a process executes at a page (0: within the kernel); none when it has ended or unmapped it."""
        if not page:
            return KERNEL
        found = name_at(self._known.get(pid, []), page)
        if found is None:
            self._known[pid] = executable(read(f"{self.root.proc}/{pid}/maps"))
            found = name_at(self._known[pid], page)
        self._known.move_to_end(pid)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return found


def _name(path: str) -> str:
    file = path.removesuffix(" (deleted)")
    if not file.startswith("/"):
        return file or ANONYMOUS
    return file.rpartition("/")[2] if not file.startswith("/memfd:") else ANONYMOUS
