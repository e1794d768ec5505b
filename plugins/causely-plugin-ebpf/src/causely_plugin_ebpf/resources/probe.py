"""The probe: ``kernel/resources.c`` at work, with its tables."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from causely_core.host import HostRoot, read
from causely_plugin_ebpf.config import EbpfConfig
from causely_plugin_ebpf.kernel import bpf
from causely_plugin_ebpf.kernel.cache import object_of
from causely_plugin_ebpf.kernel.counters import possible_processors
from causely_plugin_ebpf.kernel.loaded import Loaded
from causely_plugin_ebpf.kernel.tables import Table
from causely_plugin_ebpf.kernel.tracefs import tracepoint
from causely_plugin_ebpf.resources import tables

SOURCE = Path(__file__).parents[1] / "kernel" / "resources.c"


_TRACEPOINTS = {
    "DISKS": (("block:block_rq_issue", "block:block_rq_complete"), ("block:block_io_start", "block:block_io_done")),
    "VICTIMS": (("oom:mark_victim",),),
    "SIGNALS": (("signal:signal_deliver",),),
}
"""What parts of the program need: the last row of which all are there, by its number from 1."""


@frozen(eq=False)
class Probe:
    """Runs in the kernel until :meth:`close`.

    Attributes:
        missing: what is not watched, each with the reason.
        waiters: threads that have waited for locks.
        durations: of requests to disks, counted since the start.
        deaths: of processes, since it was taken last.
        places: where processors were found, likewise.
    """

    missing: list[str]
    waiters: Table
    durations: Table
    deaths: Table
    places: Table
    _loaded: Loaded

    @classmethod
    def load(cls, config: EbpfConfig, folder: Path, root: HostRoot) -> Probe:
        """Compile what was not compiled before, and load it.

        Args:
            config: sizes, and how often to look where processors are.
            folder: where compiled programs are kept.
            root: the machine.

        Raises:
            CannotCompile: bcc, headers or rights are missing.
            KernelError: the kernel refuses.
        """
        levels, missing = tracepoints()
        object = object_of(SOURCE, folder, Path(root.path), levels)
        loaded = Loaded.load(object.resized({"waiters": config.max_threads}))
        missing += loaded.missing
        if config.profile_hertz:
            processors = read(f"{root.sys}/devices/system/cpu/online").decode()
            try:
                loaded.sample("processor", config.profile_hertz, possible_processors(processors))
            except bpf.KernelError as problem:
                missing.append(str(problem.strerror))
        return cls(
            missing,
            Table.of(loaded, "waiters", tables.TASK, tables.WAITER),
            Table.of(loaded, "durations", tables.BUCKET, tables.COUNT),
            Table.of(loaded, "deaths", tables.PROCESS, tables.DEATH),
            Table.of(loaded, "places", tables.PLACE, tables.COUNT),
            loaded,
        )

    def close(self) -> None:
        """Take everything out of the kernel."""
        self._loaded.close()


def tracepoints() -> tuple[dict[str, int], list[str]]:
    """Which row of each part is there, 0 for none, and what is missing."""
    levels, missing = {}, []
    for part, rows in _TRACEPOINTS.items():
        there = [all(_is_there(each) for each in row) for row in rows]
        levels[part] = max((number for number, found in enumerate(there, 1) if found), default=0)
        if not levels[part]:
            missing.append(f"tracepoint {rows[0][0]}: this kernel has none")
    return levels, missing


def _is_there(event: str) -> bool:
    category, _, name = event.partition(":")
    return tracepoint(category, name) is not None
