"""The server that a plugin asks: it answers as the test says, remembers what was asked, and misbehaves when told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import httpx
from attrs import define, field

from causely_core.testing.loopback import faults
from causely_core.testing.loopback.forwarding import client_of, forward
from causely_core.testing.loopback.messages import Answer, Body, Request
from causely_core.testing.loopback.server import serving


@define(eq=False)
class Upstream:
    """A real HTTP server on loopback.

    One fault lasts until the next one, or until :meth:`recover`.

    Attributes:
        url: where it listens, without a slash at its end: what the plugin's ``section`` is given.
        asked: all requests in the order in which they came, refused ones too.
    """

    url: str = field(default="", init=False)
    asked: list[Request] = field(factory=list, init=False)
    _answers: dict[str, Callable[[Request], Answer]] = field(factory=dict, init=False)
    _behind: httpx.Client | None = field(default=None, init=False)
    _fault: faults.Fault = field(default=faults.well, init=False)
    _over: threading.Event = field(factory=threading.Event, init=False)
    _stack: ExitStack = field(factory=ExitStack, init=False)

    def answer(self, path: str, body: Body | Callable[[Request], Body | Answer], status: int = 200) -> None:
        """Answer requests for ``path`` with ``body``, from now on.

        Args:
            path: without the query.
            body: bytes or text as they are, anything else as JSON; or a function of the request that returns such a
                body or an :class:`Answer`. It runs in a thread.
            status: of HTTP.
        """

        def answering(request: Request) -> Answer:
            found = body(request) if callable(body) else body
            return found if isinstance(found, Answer) else Answer.of(found, status)

        self._answers[path] = answering

    def forward(self, url: str) -> None:
        """Pass what :meth:`answer` does not answer on to the real server at ``url``."""
        self._behind = self._stack.enter_context(client_of(url))

    def count(self, path: str = "") -> int:
        """How often ``path`` was asked for; everything, if it is empty."""
        return len(self.times(path))

    def times(self, path: str = "") -> list[float]:
        """When ``path`` was asked for, seconds of ``time.monotonic``."""
        return [request.at for request in list(self.asked) if path in ("", request.path)]

    def refuse(self, status: int = 429, retry_after: float | None = None) -> None:
        """Refuse everything with ``status``, and tell to come again after so many seconds, if any."""
        self._misbehave(faults.refusing(status, retry_after))

    def slow(self, seconds: float) -> None:
        """Answer after so many seconds."""
        self._misbehave(faults.slow(seconds, over := threading.Event()), over)

    def cut(self, after: int = 1) -> None:
        """Close the connection after so many bytes of each body, which promised more."""
        self._misbehave(faults.cutting(after))

    def hang_up(self) -> None:
        """Close the connection of each request, and answer nothing."""
        self._misbehave(faults.hanging_up)

    def expire(self) -> None:
        """Refuse with 401 whoever shows no ``Authorization``, or one that was shown before: until a new one is."""
        shown = {request.headers.get("Authorization", "") for request in list(self.asked)}
        self._misbehave(faults.expired(shown))

    def recover(self) -> None:
        """Be well again."""
        self._misbehave(faults.well)

    def _misbehave(self, fault: faults.Fault, over: threading.Event | None = None) -> None:
        self._over.set()
        self._fault, self._over = fault, over or threading.Event()

    def _respond(self, request: Request) -> Answer:
        self.asked.append(request)
        return self._fault(request, self._well)

    def _well(self, request: Request) -> Answer:
        if request.path in self._answers:
            return self._answers[request.path](request)
        if self._behind is not None:
            return forward(self._behind, request)
        return Answer.of(f"upstream has no answer for {request.path}; give it one in the test\n", 404)

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Upstream]:
        """One that has no answers yet."""
        upstream = cls()
        with upstream._stack, serving(upstream._respond) as upstream.url:
            try:
                yield upstream
            finally:
                upstream._over.set()
