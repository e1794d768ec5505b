"""The two programs that see connections, and which one a kernel can run."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from attrs import frozen

from causely_plugin_ebpf import records
from causely_plugin_ebpf.kernel.btf import RUNNING, KernelTypes
from causely_plugin_ebpf.kernel.tracefs import tracepoint

_SOCKETS, _SYSCALLS = PATHS = (Path(__file__).parent / "sockets.c", Path(__file__).parent / "syscalls.c")
"""The programs."""


class Sight(StrEnum):
    """Where connections are seen.

    ``AUTO`` is at their sockets where the kernel can (6.3 and later, with its types), and at system calls else.
    """

    AUTO = "auto"
    SOCKETS = "sockets"
    SYSCALLS = "syscalls"


@frozen
class Source:
    """A program.

    Attributes:
        path: its file.
        settings: numbers that the program has to be told, by their places in its settings.
        from_the_start: whether it must be told of what was there before; else it finds out when that is used.
        instead: why it is taken instead of the better one; empty where it is the better one, or was asked for.
    """

    path: Path
    settings: dict[int, int]
    from_the_start: bool
    instead: str = ""


def source(sight: Sight) -> Source:
    """The program for ``sight``.

    Raises:
        ValueError: the kernel cannot run it; why.
    """
    instead = ""
    if sight is not Sight.SYSCALLS:
        try:
            return Source(_SOCKETS, _places(RUNNING), from_the_start=False)
        except ValueError as problem:
            if sight is Sight.SOCKETS:
                raise
            instead = str(problem)
    return Source(_SYSCALLS, {records.TIMED: 1}, from_the_start=True, instead=instead)


@lru_cache(maxsize=1)  # reading all types of a kernel takes 60 ms, and it is asked before programs are loaded, too
def _places(running: Path) -> dict[int, int]:
    if tracepoint("sock", "sock_send_length") is None:
        raise ValueError("sockets do not tell what they move, expected a kernel of 6.3 or later")
    try:
        types = KernelTypes.parse(running.read_bytes())
    except OSError as problem:
        raise ValueError(f"types of the kernel: {problem.strerror}, expected {running}") from problem
    common = types.offsets("sock_common", ("skc_family", "skc_dport"))
    return {
        records.FAMILY_AT: common["skc_family"],
        records.PORT_AT: common["skc_dport"],
        records.PROTOCOL_AT: types.offsets("sock", ("sk_protocol",))["sk_protocol"],
    }
