"""A control group in every hierarchy, to find all processes of a node again and to end them."""

import os
import signal
import time
from pathlib import Path

ENDS = 30.0
"""Seconds that processes may take to be gone once they were killed."""


class ControlGroup:
    """A group of this name below the root of each hierarchy, with one within for the node's own programs."""

    def __init__(self, name, mounted=Path("/sys/fs/cgroup")):
        self.name = f"/{name}"
        whole = (mounted / "cgroup.controllers").exists()
        hierarchies = [mounted] if whole else [each for each in mounted.iterdir() if (each / "cgroup.procs").exists()]
        self._folders = [each / name for each in hierarchies]
        # The others would take values to be set before a process may enter.
        self.system = (mounted if whole else mounted / "pids") / name / "system"

    def create(self):
        for folder in self._folders:
            folder.mkdir(exist_ok=True)
        self.system.mkdir(exist_ok=True)

    def remove(self):
        """Kill all that is in it, and remove it."""
        deadline = time.monotonic() + ENDS
        while living := self._processes():
            assert time.monotonic() < deadline, f"processes do not end: {sorted(living)}"
            for pid in living:
                _kill(pid)
            time.sleep(0.1)
        for folder in self._folders:
            for each, _, _ in os.walk(folder, topdown=False):
                Path(each).rmdir()

    def _processes(self):
        found = [Path(each, "cgroup.procs").read_text().split() for top in self._folders for each, _, _ in os.walk(top)]
        return {int(pid) for pids in found for pid in pids}


def _kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
