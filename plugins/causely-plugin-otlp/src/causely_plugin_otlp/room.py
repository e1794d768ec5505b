"""Room: bytes that may be in flight at a time."""

from __future__ import annotations

from attrs import define, field

from causely_plugin_otlp.errors import Overloaded


@define
class Room:
    """Counts bytes of requests that have arrived and are not folded yet.

    Attributes:
        limit: bytes.
        used: bytes now.
    """

    limit: int
    used: int = field(default=0, init=False)

    def take(self, size: int) -> None:
        """Take room for ``size`` bytes; a single request may exceed the limit when nothing else is there.

        Raises:
            Overloaded: there is none now.
        """
        if self.used and self.used + size > self.limit:
            raise Overloaded("the receiver is busy; send again later")
        self.used += size

    def give(self, size: int) -> None:
        """Give ``size`` bytes back."""
        self.used -= size
