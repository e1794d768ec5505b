"""HTTP connections, made patient with SDKs and short with everybody else."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

KEEP_ALIVE = 75
"""Seconds that an idle connection is kept: longer than SDKs pause between exports (5 s, or 60 s for metrics), since
one that is closed just as the next export begins costs that export."""


class Connection(H11Protocol):
    """Uvicorn's connection, which by itself waits for ever for the head of a request.

    Attributes:
        patience: seconds in which the head of a request must have arrived; at most twice as many are waited.
    """

    patience = 30.0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to watch the time."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(self.patience, self._look, self.cycle)

    def connection_lost(self, exc: Exception | None) -> None:
        """There is nothing to watch any more."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, unless an answer has begun; whoever still works on one may forget it."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.close()
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None:
            cycle.disconnected = True
            cycle.message_event.set()

    def _look(self, last: Any) -> None:
        """Close the connection when the same request is awaited as at the last look."""
        if self.cycle is last and self._awaits_head():
            self.transport.close()
        else:
            self._timer = self.loop.call_later(self.patience, self._look, self.cycle)

    def _awaits_head(self) -> bool:
        """Whether a head is due: the first, or one of which a part is there."""
        return self.cycle is None or (self.cycle.response_complete and bool(self.conn.trailing_data[0]))


def connection_of(seconds: float) -> type[Connection]:
    """Connections with a ``patience`` of so many seconds, as a class, which is what uvicorn takes."""
    return type("Connection", (Connection,), {"patience": seconds})
