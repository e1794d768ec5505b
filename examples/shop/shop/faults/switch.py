"""The two shapes of a fault: a switch that code looks at, and a job that does the harm by itself."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from typing import Protocol


class Fault(Protocol):
    """Trouble that can be started and ended; both may be repeated without harm."""

    def inject(self) -> None:
        """Start the trouble."""

    def remove(self) -> None:
        """End it and put back whatever it took."""


class Switch:
    """A fault that a service's own code looks at on its way."""

    def __init__(self) -> None:
        self.on = False

    def inject(self) -> None:
        """Turn it on."""
        self.on = True

    def remove(self) -> None:
        """Turn it off."""
        self.on = False


class Job(ABC):
    """A fault that runs in threads of its own until it is removed."""

    threads = 1

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._running: list[threading.Thread] = []

    def inject(self) -> None:
        """Start the threads, unless they already run."""
        if not self._running:
            self._ended.clear()
            self._running = [threading.Thread(target=self._repeat, daemon=True) for _ in range(self.threads)]
            for thread in self._running:
                thread.start()

    def remove(self) -> None:
        """Ask the threads to end and wait for them."""
        self._ended.set()
        for thread in self._running:
            thread.join()
        self._running = []

    def _repeat(self) -> None:
        while not self._ended.is_set():
            self.work()

    def pause(self, seconds: float) -> None:
        """Wait, but not past the end of the fault."""
        self._ended.wait(seconds)

    @abstractmethod
    def work(self) -> None:
        """Do a little harm; called again and again."""
