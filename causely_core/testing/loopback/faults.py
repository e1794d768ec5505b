"""How a server misbehaves: each takes the request, and what would answer it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection

from attrs import evolve

from causely_core.testing.loopback.messages import Answer, HangUp, Request
from causely_core.testing.loopback.server import Respond

Fault = Callable[[Request, Respond], Answer]


def well(request: Request, respond: Respond) -> Answer:
    """No fault at all."""
    return respond(request)


def refusing(status: int, retry_after: float | None) -> Fault:
    """Answers ``status`` to everything, and when to come again, in seconds."""
    headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
    return lambda request, respond: Answer.of(f"refused with {status} by the test\n", status, headers)


def slow(seconds: float, over: threading.Event) -> Fault:
    """Answers after so many seconds, or as soon as it is ``over``."""

    def late(request: Request, respond: Respond) -> Answer:
        over.wait(seconds)
        return respond(request)

    return late


def cutting(after: int) -> Fault:
    """Closes the connection after so many bytes of each body."""
    return lambda request, respond: evolve(respond(request), cut_after=after)


def hanging_up(request: Request, respond: Respond) -> Answer:
    """Closes the connection without an answer."""
    raise HangUp


def expired(tokens: Collection[str]) -> Fault:
    """Answers 401 to who shows none but ``tokens``, which were good before, or nothing."""

    def checking(request: Request, respond: Respond) -> Answer:
        shown = request.headers.get("Authorization", "")
        if shown and shown not in tokens:
            return respond(request)
        return Answer.of("the token has expired\n", 401, {"WWW-Authenticate": 'Bearer error="invalid_token"'})

    return checking
