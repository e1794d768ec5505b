"""HTTP/1: requests and responses, pipelined or not. The fast path of the whole plugin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from causely_core.traffic.naming import METHODS, OTHER, path_of, template
from causely_plugin_ebpf.protocols.dialogue import Dialogue, Exchange, Outcome, Segment
from causely_plugin_ebpf.protocols.http1_half import UNKNOWN, Half, body_length
from causely_plugin_ebpf.protocols.queue import InOrder

_METHODS = "|".join(sorted(METHODS)).encode()
_REQUEST = re.compile(rb"(?:" + _METHODS + rb") [^\x00-\x20\x7f]")
_STRICT_REQUEST = re.compile(rb"(?:" + _METHODS + rb") [^\x00-\x20\x7f]+(?: HTTP/1\.[01]\r?\n|\Z)")
_RESPONSE = re.compile(rb"HTTP/1\.[01] [1-5]\d\d[ \r]")
_PATHS = 4096
_TARGET_FORMS = ("/", "*", "http://", "https://")


class _Request(NamedTuple):
    started: int
    operation: str


class Http1(Dialogue):
    """One HTTP/1.0 or 1.1 connection; silent once it has been upgraded or has become a tunnel."""

    __slots__ = ("_requests", "_responses", "_to_server", "waiting")

    def __init__(self) -> None:
        self.waiting: InOrder[_Request] = InOrder()
        self._requests = _Requests(self.waiting)
        self._responses = _Responses(self.waiting)
        self._to_server = True

    @property
    def pending(self) -> int:
        """Requests that wait for the end of their response."""
        return len(self.waiting) + (self._responses.answering is not None)

    def feed(self, segment: Segment) -> Sequence[Exchange]:
        """Take the next segment; returns the exchanges that it ended."""
        to_server, at, length, head = segment
        turned = to_server is not self._to_server
        self._to_server = to_server
        responses = self._responses
        if responses.tunnel:
            return ()
        if to_server:
            self._requests.feed(at, length, head, turned)
            return ()
        responses.feed(at, length, head, turned)
        done = responses.done
        if not done:
            return ()
        responses.done = []
        return done

    def close(self) -> Sequence[Exchange]:
        """The connection has ended; a response whose end was awaited has ended with it."""
        self._responses.end()
        done, self._responses.done = self._responses.done, []
        return done


class _Requests(Half):
    """What the client says."""

    __slots__ = ("_waiting",)

    start = _REQUEST

    def __init__(self, waiting: InOrder[_Request]) -> None:
        super().__init__()
        self._waiting = waiting

    def begin(self, head: bytes, pos: int, end: int, at: int) -> int:
        """A request begins at ``pos``; its head ends before ``end``, or is not seen to if that is -1."""
        line_end = head.find(b"\r\n", pos)
        if pos == 0:
            self._waiting.turn(at)
        self._waiting.ask(_Request(at, _operation(head[pos:] if line_end < 0 else head[pos:line_end])), at)
        if end == len(head) and head[pos] == 71:  # "G": a GET that ends with its head, as nearly all do
            return 0
        length = body_length(head, line_end, end)
        return 0 if length == UNKNOWN and end > 0 else length


class _Responses(Half):
    """What the server says."""

    __slots__ = ("_waiting", "answering", "done", "status", "tunnel")

    start = _RESPONSE

    def __init__(self, waiting: InOrder[_Request]) -> None:
        super().__init__()
        self._waiting = waiting
        self.answering: _Request | None = None
        self.status = b""
        self.tunnel = False
        self.done: list[Exchange] = []

    def begin(self, head: bytes, pos: int, end: int, at: int) -> int:
        """A response begins; an unfinished one before it has ended unseen."""
        status = head[pos + 9 : pos + 12]
        if status[0] == 49 and status != b"101":  # "1": the response proper is yet to come
            return 0
        request = self.answering = self._waiting.answer()
        self.status = status
        operation = request.operation if request else ""
        if status == b"101" or (operation == "CONNECT" and status[0] == 50):
            self.tunnel = True
            return 0
        if operation[:5] == "HEAD " or status in (b"204", b"304"):
            return 0
        return body_length(head, pos, end)

    def finish(self, at: int) -> None:
        """The response has ended, as far as is known."""
        request, self.answering = self.answering, None
        if request is not None:
            status, outcome = _status(self.status)
            self.done.append(Exchange(request.started, at, request.operation, status, outcome, "http"))


def looks(head: bytes, to_server: bool) -> bool:
    """Whether a segment begins like a request or a response."""
    return (_STRICT_REQUEST if to_server else _RESPONSE).match(head) is not None


def outcome_of(status: int) -> Outcome:
    """What an HTTP status says of the server."""
    if status >= 500:
        return Outcome.FAILED
    if status in (401, 403):
        return Outcome.UNAUTHORIZED
    return Outcome.THROTTLED if status == 429 else Outcome.OK


@lru_cache(_PATHS)
def _operation(line: bytes) -> str:
    """The operation of a request line; one that is cut tells less."""
    method, _, rest = line.decode("latin-1").partition(" ")
    target, _, version = rest.partition(" ")
    if method == "CONNECT":
        return method
    if not target.startswith(_TARGET_FORMS):
        return f"{method} {OTHER}"
    if not version and not re.search("[?#;]", target):
        target = target.rpartition("/")[0] + "/*"
    return f"{method} {template(path_of(target) if target.startswith('http') else target)}"


@lru_cache(512)
def _status(status: bytes) -> tuple[str, Outcome]:
    return status.decode("ascii"), outcome_of(int(status))
