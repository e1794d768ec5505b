"""Requests that wait for their answers, by order and by id; bounded."""

from __future__ import annotations

from typing import Generic, TypeVar

from causely_plugin_ebpf.protocols.dialogue import MAX_PENDING

Request = TypeVar("Request")

_BURST = 1_000_000
"""Requests that follow each other within this many nanoseconds were sent without waiting for an answer."""
_MISTRUST = 32
"""For so many requests a client that turned out not to wait is not thought to wait."""


class InOrder(Generic[Request]):
    """Requests that are answered in the order in which they came.

    When an answer gets lost, each later one would be taken for that of the request before. So clients are thought to
    wait for each answer before they ask again: what is still open then is forgotten. A client that does not wait
    shows by answers to what has been forgotten.

    Attributes:
        dropped: requests that were forgotten.
    """

    __slots__ = ("_asked", "_given_up", "_mistrust", "_waiting", "dropped")

    def __init__(self) -> None:
        self.dropped = 0
        # An empty deque has 760 bytes, and nearly all connections have one request at a time.
        self._waiting: list[Request] = []
        self._asked = 0
        self._given_up = 0
        self._mistrust = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def turn(self, at: int) -> None:
        """The client begins a segment with a new request, at ``at`` nanoseconds."""
        if self._mistrust > 0:
            self._mistrust -= 1
        elif self._waiting and at - self._asked > _BURST:
            self.dropped += len(self._waiting)
            self._given_up += len(self._waiting)
            self._waiting.clear()

    def ask(self, request: Request, at: int) -> None:
        """A request came at ``at`` nanoseconds."""
        self._asked = at
        self._waiting.append(request)
        if len(self._waiting) > MAX_PENDING:
            del self._waiting[0]
            self.dropped += 1

    def first(self) -> Request | None:
        """The request whose answer is due, which stays."""
        return self._waiting[0] if self._waiting else None

    def answer(self) -> Request | None:
        """The request whose answer has come; None when none is known."""
        if self._waiting:
            return self._waiting.pop(0)
        if self._given_up:
            self._given_up, self._mistrust = 0, _MISTRUST
        return None


class ById(Generic[Request]):
    """Requests whose answers carry their number.

    Attributes:
        dropped: requests that were forgotten.
    """

    __slots__ = ("_waiting", "dropped")

    def __init__(self) -> None:
        self.dropped = 0
        self._waiting: dict[int, Request] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def ask(self, id: int, request: Request) -> None:
        """A request came; one of the same number is replaced."""
        self._waiting[id] = request
        if len(self._waiting) > MAX_PENDING:
            del self._waiting[next(iter(self._waiting))]
            self.dropped += 1

    def get(self, id: int) -> Request | None:
        """The request of that number, which stays."""
        return self._waiting.get(id)

    def answer(self, id: int) -> Request | None:
        """The request whose answer has come; None when it is not known."""
        return self._waiting.pop(id, None)

    def items(self) -> list[tuple[int, Request]]:
        """All that wait, oldest first."""
        return list(self._waiting.items())
