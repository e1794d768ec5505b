"""Processes of this machine in control groups such as those of containers."""

import os
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from attrs import define, field

GROUPS = Path("/sys/fs/cgroup")
CONTROLLERS = ("cpu", "cpuacct")
PERIOD = 100_000
"""Microseconds in which a container may run for its quota."""
EMPTIED = 30.0
"""Seconds that the kernel may take to let go of a group whose processes have ended."""


def can_run():
    """Whether this user may make such groups on this machine."""
    return os.geteuid() == 0 and (GROUPS / "cpu" / "cpu.cfs_quota_us").exists()


@define
class Container:
    """The control groups of one, and what runs in them.

    Attributes:
        uid: of its pod.
        id: its own, as the container runtime has it.
    """

    uid: str
    id: str
    _folders: dict = field(init=False)
    _processes: list = field(factory=list, init=False)

    def __attrs_post_init__(self):
        self._folders = {each: GROUPS / each / "kubepods" / f"pod{self.uid}" / self.id for each in CONTROLLERS}
        for folder in self._folders.values():
            folder.mkdir(parents=True)

    def run(self, *command, **options):
        """Start a command that is in the groups before it begins, and that ends with this process."""
        enter = "".join(f"echo $$ > {folder}/cgroup.procs; " for folder in self._folders.values())
        wrapped = ["setpriv", "--pdeathsig", "KILL", "sh", "-c", f'{enter}exec "$@"', "sh", *command]
        process = subprocess.Popen(wrapped, **options)
        self._processes.append(process)
        return process

    def limit(self, quota):
        """Let it run for so many microseconds in each :data:`PERIOD`; -1 for no limit."""
        (self._folders["cpu"] / "cpu.cfs_period_us").write_text(str(PERIOD))
        (self._folders["cpu"] / "cpu.cfs_quota_us").write_text(str(quota))

    def kill(self):
        """End what runs in it."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()
            for pipe in filter(None, (process.stdin, process.stdout)):
                pipe.close()
        self._processes.clear()

    def remove(self):
        """End what runs in it and remove its groups, and those around them that have no other."""
        self.kill()
        for folder in self._folders.values():
            _remove(folder)


def _remove(folder):
    deadline = time.monotonic() + EMPTIED
    while folder.exists():
        with suppress(OSError):
            folder.rmdir()
        assert time.monotonic() < deadline, f"{folder} is still in use"
        time.sleep(0.05)
    with suppress(OSError):
        folder.parent.rmdir()
        folder.parent.parent.rmdir()
