"""Files of a control group, whichever version it is of."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from causely_core.host import Cgroup, HostRoot, read
from causely_plugin_host.files import limit, number, stalled, table

_NOTHING: Mapping[str, float] = {}


@frozen
class GroupFiles:
    """What the kernel tells of a control group; all of it may be missing.

    Attributes:
        cpu: folder of its processor controller; empty when it has none of its own.
        memory: likewise of memory.
        version: 1 or 2, by where the memory controller is.
    """

    root: HostRoot
    group: Cgroup
    cpu: str = field(init=False)
    memory: str = field(init=False)
    version: int = field(init=False)

    @cpu.default
    def _cpu(self) -> str:
        return self.group.directory(self.root, "cpu")

    @memory.default
    def _memory(self) -> str:
        return self.group.directory(self.root, "memory")

    @version.default
    def _version(self) -> int:
        return 1 if "memory" in self.group.paths else 2

    @property
    def readable(self) -> bool:
        """Whether the kernel tells the agent what the group uses."""
        return self.memory_charged() is not None or self.cpu_seconds() is not None

    def cpu_seconds(self) -> float | None:
        """Processor time used since it began."""
        if self.version == 2:
            used = table(f"{self.cpu}/cpu.stat").get("usage_usec") if self.cpu else None
            return used / 1e6 if used is not None else None
        folder = self.group.directory(self.root, "cpuacct")
        used = number(f"{folder}/cpuacct.usage") if folder else None
        return used / 1e9 if used is not None else None

    def throttling(self) -> tuple[float | None, float | None]:
        """Periods in which it was stopped, and all periods, since it began."""
        numbers = table(f"{self.cpu}/cpu.stat") if self.cpu else _NOTHING
        return numbers.get("nr_throttled"), numbers.get("nr_periods")

    def cores(self) -> float | None:
        """Its processor limit; none where it has no limit."""
        if not self.cpu:
            return None
        if self.version == 2:
            quota, period = [*read(f"{self.cpu}/cpu.max").split(), b"", b""][:2]
        else:
            quota, period = (read(f"{self.cpu}/cpu.cfs_{name}_us").strip() for name in ("quota", "period"))
        # No limit is "max" in version 2 and -1 in version 1.
        return int(quota) / int(period) if quota.isdigit() and period.isdigit() and int(period) else None

    def memory_limit(self) -> float | None:
        """Bytes it may use; none where it has no limit."""
        name = "memory.max" if self.version == 2 else "memory.limit_in_bytes"
        return limit(f"{self.memory}/{name}") if self.memory else None

    def memory_stat(self) -> Mapping[str, float]:
        """Bytes and events by the kernel's names, those of the groups within included."""
        return table(f"{self.memory}/memory.stat") if self.memory else _NOTHING

    def memory_charged(self) -> float | None:
        """Bytes that are charged to it, caches included."""
        name = "memory.current" if self.version == 2 else "memory.usage_in_bytes"
        return number(f"{self.memory}/{name}") if self.memory else None

    def killed(self) -> float | None:
        """Processes killed for want of memory since it began."""
        name = "memory.events" if self.version == 2 else "memory.oom_control"
        return table(f"{self.memory}/{name}").get("oom_kill") if self.memory else None

    def threads(self) -> float | None:
        """Processes and threads in it now."""
        folder = self.group.directory(self.root, "pids")
        return number(f"{folder}/pids.current") if folder else None

    def waited(self, what: str) -> float | None:
        """Seconds in which something of it waited for ``cpu`` or ``memory``; cgroup v2 only."""
        folder = self.cpu if what == "cpu" else self.memory
        return stalled(f"{folder}/{what}.pressure") if folder and self.version == 2 else None
