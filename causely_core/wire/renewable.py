"""What is read from files that change while it is used: taken anew each time, kept where the new is no good."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

import structlog
from attrs import define, field
from structlog.typing import FilteringBoundLogger

from causely_core.wire.errors import WireError

T = TypeVar("T")


@define(eq=False)
class Renewable(Generic[T]):
    """The newest usable contents of some files.

    Attributes:
        what: what they are, for the log: ``certificates``.
        read: reads and checks the files; raises ``WireError`` where they are no good.
        logger: is told once when they are no good, and when others are in use.
        current: what is in use.
    """

    what: str
    read: Callable[[], T]
    logger: FilteringBoundLogger = field(factory=structlog.get_logger)
    current: T = field(init=False)
    _complaint: str = field(default="", init=False)

    def __attrs_post_init__(self) -> None:
        """Read the files for the first time.

        Raises:
            WireError: they cannot be used.
        """
        self.current = self.read()

    def renew(self) -> bool:
        """Read the files again; whether others are in use now."""
        try:
            found = self.read()
        except WireError as problem:
            self._complain(str(problem))
            return False
        self._complaint = ""
        if found == self.current:
            return False
        self.current = found
        self.logger.info(f"{self.what} renewed")
        return True

    async def renewed(self, interval: float) -> None:
        """Wait until others are in use, looking every ``interval`` seconds."""
        while True:
            await asyncio.sleep(interval)
            if self.renew():
                return

    def _complain(self, complaint: str) -> None:
        if complaint != self._complaint:
            self.logger.warning(f"new {self.what} not used", reason=complaint)
        self._complaint = complaint
