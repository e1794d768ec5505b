"""Cursors: how far a receiver has stored what each sender sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from attrs import frozen

from causely_core.wire.update import Update


class Cursor(NamedTuple):
    """The last update stored: its number, and the epoch the number belongs to."""

    epoch: str
    sequence: int


@frozen
class Sender:
    """Who speaks on a link, as its hello says.

    Attributes:
        name: stable; the cursor is kept by it.
        epoch: of the sender's spool; numbers of another epoch do not compare.
        version: of the sender's software.
        cluster: the cluster it watches.
    """

    name: str
    epoch: str
    version: str = ""
    cluster: str = ""


class CursorStore(Protocol):
    """Where cursors are read from when a sender greets."""

    async def get(self, sender: str) -> Cursor | tuple[str, int] | None:
        """The cursor of the sender of this name; none if it was never heard."""
        ...


Apply: TypeAlias = Callable[[Sender, Sequence[Update]], Awaitable[None]]
"""Stores updates, in order and never empty, before it returns.

It keeps ``Cursor(sender.epoch, updates[-1].sequence)`` under ``sender.name`` in the same transaction. An
update whose payload is a ``Snapshot`` replaces all that the sender said before. What it raises ends the
stream with UNAVAILABLE; nothing is acknowledged, and the sender repeats.
"""
