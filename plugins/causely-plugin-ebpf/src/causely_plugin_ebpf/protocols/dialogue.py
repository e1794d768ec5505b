"""Dialogue: what is known of one connection, and the exchanges that come of its bytes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence, Sized
from enum import Enum
from typing import NamedTuple, Protocol

MAX_PENDING = 64
"""Requests of one connection that wait for an answer; when there are more, the oldest is forgotten."""


class Segment(NamedTuple):
    """One read or write of a socket, or one datagram.

    Attributes:
        to_server: whether it went from the client to the server.
        at: when, in nanoseconds of a monotonic clock.
        length: bytes of it.
        head: the first of them, as many as were copied; at most ``length``.
    """

    to_server: bool
    at: int
    length: int
    head: bytes


class Outcome(Enum):
    """How an exchange ended, in the eyes of whoever runs the server."""

    OK = "ok"
    """Answered, even if the answer was that the client asked for something wrong."""
    FAILED = "failed"
    """It went wrong through no fault of the client."""
    THROTTLED = "throttled"
    """The server refused because of too much load or too many connections."""
    UNAUTHORIZED = "unauthorized"
    """The server refused whoever asked."""


class Exchange(NamedTuple):
    """A request and its answer. Holds nothing of what a user sent: only names of few values.

    Attributes:
        started: when the first byte of the request was seen, in nanoseconds of the segments' clock.
        ended: when the last known byte of the answer was seen, likewise; ``started`` when there is none by intent.
        operation: what was asked for, such as ``GET /users/{id}`` or ``SELECT orders``.
        status: the protocol's own code of the answer; empty for a success that has none.
        outcome: what the status means.
        system: ``http``, ``grpc``, ``dns``, or OpenTelemetry's name of the database or messaging system.
        access: ``read``, ``write``, or empty for neither and for what is no store.
        database: the database's name if the connection has told it.
    """

    started: int
    ended: int
    operation: str
    status: str = ""
    outcome: Outcome = Outcome.OK
    system: str = ""
    access: str = ""
    database: str = ""


class Waiting(Sized, Protocol):
    """Requests that wait, as many as there is room for.

    Attributes:
        dropped: requests that were forgotten.
    """

    dropped: int


class Dialogue(ABC):
    """One connection. Its state is bounded, and nothing that is fed to it makes it raise.

    There are tens of thousands at a time: those of the commonest protocols have slots, down to their parts.

    Attributes:
        waiting: requests that wait for the end of their answer.
    """

    __slots__ = ()

    waiting: Waiting

    @property
    def pending(self) -> int:
        """How many requests wait for the end of their answer."""
        return len(self.waiting)

    @property
    def dropped(self) -> int:
        """How many requests were forgotten before their answer came."""
        return self.waiting.dropped

    @abstractmethod
    def feed(self, segment: Segment) -> Sequence[Exchange]:
        """Take the next segment of the connection; returns the exchanges that it ended."""

    def close(self) -> Sequence[Exchange]:
        """The connection has ended; returns the exchanges whose end was not seen before."""
        return ()
