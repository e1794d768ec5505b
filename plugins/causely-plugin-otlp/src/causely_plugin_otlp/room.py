"""Room: how much may be in flight at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from attrs import define, field

from causely_plugin_otlp.errors import Overloaded


@define
class Room:
    """Counts what has arrived and is not folded yet: bytes of requests, or calls.

    Attributes:
        limit: bytes, or calls.
        used: likewise, now.
    """

    limit: int
    used: int = field(default=0, init=False)

    def take(self, size: int) -> None:
        """Take room for ``size``; a single request may exceed the limit when nothing else is there.

        Raises:
            Overloaded: there is none now.
        """
        if self.used and self.used + size > self.limit:
            raise Overloaded("the receiver is busy; send again later")
        self.used += size

    def give(self, size: int) -> None:
        """Give ``size`` back."""
        self.used -= size

    @contextmanager
    def held(self, size: int) -> Iterator[None]:
        """Room for ``size`` within the block.

        Raises:
            Overloaded: there is none now.
        """
        self.take(size)
        try:
            yield
        finally:
            self.give(size)
