"""Telling a topology that is looked at again and again, as a discoverer does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

from causely_core.model import TopologyDelta
from causely_core.polling.told import Told
from causely_core.rhythm import beat


async def changes(look: Callable[[], Awaitable[Told | None]], every: float) -> AsyncIterator[TopologyDelta]:
    """All that is there once somebody has answered, then what changes.

    Args:
        look: what is known now; none while nobody has answered: a snapshot of nothing would take away what was known
            before a restart.
        every: seconds from one look to the next.
    """
    told: Told | None = None
    while True:
        found = await look()
        if found is not None and told is None:
            yield found.snapshot()
        elif found is not None and told is not None and (delta := found.since(told)):
            yield delta
        told = found if found is not None else told
        await beat(every)
