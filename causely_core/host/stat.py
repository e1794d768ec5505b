"""One line of numbers of a process: ``/proc/<pid>/stat``."""

from __future__ import annotations

import os

from attrs import frozen

TICKS = os.sysconf("SC_CLK_TCK")
"""Clock ticks a second, in which the kernel tells processor time."""
PAGE = os.sysconf("SC_PAGE_SIZE")

_KERNEL_THREAD = 0x00200000
_FIELDS = 26


@frozen
class Stat:
    """What the line tells.

    Attributes:
        pid: process id.
        name: of the program, at most 15 bytes.
        state: one letter, ``Z`` for a process that has ended.
        parent: the parent's process id.
        kernel: whether it is a thread of the kernel's.
        major_faults: pages read from disk, since it began.
        cpu_seconds: processor time used since it began.
        threads: how many it has now.
        started: clock ticks from the machine's boot to its begin; with ``pid`` it tells processes apart.
        resident: bytes in memory.
        image: addresses that change when another program is executed; not told to other users.
    """

    pid: int
    name: str
    state: str
    parent: int
    kernel: bool
    major_faults: int
    cpu_seconds: float
    threads: int
    started: int
    resident: int
    image: tuple[int, int]


def parse_stat(content: bytes) -> Stat | None:
    """Read the line; none when it is not one. The name may hold anything, brackets and blanks too."""
    begin, end = content.find(b"("), content.rfind(b")")
    fields = content[end + 1 :].split(None, _FIELDS)
    if begin < 1 or len(fields) < _FIELDS:
        return None
    try:
        return _stat(int(content[:begin]), content[begin + 1 : end].decode(errors="replace"), fields)
    except ValueError:
        return None


def _stat(pid: int, name: str, fields: list[bytes]) -> Stat:
    return Stat(
        pid,
        name,
        fields[0].decode(),
        int(fields[1]),
        bool(int(fields[6]) & _KERNEL_THREAD),
        int(fields[9]),
        (int(fields[11]) + int(fields[12])) / TICKS,
        int(fields[17]),
        int(fields[19]),
        int(fields[21]) * PAGE,
        (int(fields[23]), int(fields[25])),
    )
