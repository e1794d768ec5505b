"""Programs that run in the background, with a log each."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from attrs import define, field

from causely_core.testing.fix import fix

TOLD = 2000
"""Characters of a log that are told of a program that has ended."""


@define(eq=False)
class Processes:
    """Started by name; their logs are in ``folder``."""

    folder: Path
    _running: dict[str, subprocess.Popen[bytes]] = field(factory=dict, init=False)

    def start(self, name: str, command: Iterable[str], flags: Mapping[str, object]) -> None:
        """Run ``command`` with ``--flag=value`` for each flag."""
        whole = [*command, *(f"--{flag}={value}" for flag, value in flags.items())]
        with (self.folder / f"{name}.log").open("a") as log:
            self._running[name] = subprocess.Popen(whole, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def end(self, name: str) -> None:
        """Kill it, if it runs: an API server that is asked to end waits a minute for those who watch."""
        process = self._running.pop(name, None)
        if process:
            process.kill()
            process.wait(30)

    def end_all(self) -> None:
        """Those that were started last first."""
        for name in list(self._running)[::-1]:
            self.end(name)

    def require_all(self) -> None:
        """Fail the test when one has ended by itself."""
        for name, process in self._running.items():
            if process.poll() is not None:
                said = (self.folder / f"{name}.log").read_text()[-TOLD:]
                fix(f"{name} has ended: {said}", "see whether the program is for this machine")
