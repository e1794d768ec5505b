"""One service's process, and the line on which the supervisor talks to it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from shop.lifeline import die_with_parent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ANSWER_SECONDS = 10.0


class ChildError(Exception):
    """A service's process did not come up or did not answer."""


class Child:
    """A service as `python -m shop.services.NAME`; what it says on stderr goes to a log file."""

    def __init__(self, name: str, environment: Mapping[str, str], log_dir: Path) -> None:
        self.name = name
        self._environment = dict(environment)
        self._log = log_dir / f"{name}.log"
        self.start()

    def start(self) -> None:
        """Start the process; it says `ready` later."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", f"shop.services.{self.name}"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=self._environment,
                start_new_session=True, preexec_fn=die_with_parent(signal.SIGKILL),
            )  # fmt: skip

    @property
    def pid(self) -> int:
        """The process id; another one after a restart."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def wait_ready(self, deadline: float) -> None:
        """Return when the service is up; raise ChildError past the deadline (monotonic seconds)."""
        if self._read(deadline - time.monotonic()) != "ready":
            raise ChildError(f"{self.name} did not start: {self._complaint()}")

    def ask(self, command: str) -> Any:
        """Send a command and return the answer; raise ChildError."""
        assert self._process.stdin is not None
        try:
            os.write(self._process.stdin.fileno(), f"{command}\n".encode())
            return self._read(ANSWER_SECONDS)
        except OSError as error:
            raise ChildError(f"{self.name} is gone: {error}") from error

    def end(self) -> None:
        """Ask the process to end."""
        self._process.terminate()

    def kill(self) -> None:
        """End the process at once and reap it."""
        self._process.kill()
        self._process.wait()

    def reap(self, deadline: float) -> None:
        """Wait for the end, and enforce it past the deadline (monotonic seconds)."""
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.kill()

    def _read(self, seconds: float) -> Any:
        """Return the next line from the process; raise ChildError when none comes in time."""
        output = self._process.stdout
        assert output is not None
        readable, _, _ = select.select([output], [], [], max(0.0, seconds))
        line = output.readline() if readable else b""
        if not line:
            raise ChildError(f"{self.name} does not answer: {self._complaint()}")
        return json.loads(line)

    def _complaint(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines()
        return lines[-1] if lines else f"see {self._log}"
