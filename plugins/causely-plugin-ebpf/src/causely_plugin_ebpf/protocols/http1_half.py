"""One direction of an HTTP/1 connection: where each message begins and where its body ends."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

UNKNOWN, CHUNKED = -1, -2
"""Lengths of bodies whose length is not told, or told chunk by chunk."""

_MAX_CARRY = 4096
_MAX_SIZE_LINE = 64
_MAX_UNSURE = 16
_LENGTH = re.compile(
    rb"\n(?:content-length:[ \t]*(\d{1,15})[ \t]*\r?\n|transfer-encoding:[^\n]*chunked)", re.IGNORECASE
)
_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,15})[ \t]*(?:;[^\n]*)?\r?\n")
_BODY, _CHUNK, _TRAILERS = 1, 2, 3


class Half(ABC):
    """What one side says. Bytes that belong to no message known are passed over.

    Attributes:
        start: what a message begins with.
    """

    __slots__ = ("_carried_at", "_carry", "_left", "_seen", "_state")

    start: re.Pattern[bytes]

    def __init__(self) -> None:
        self._state = 0
        self._left = 0
        self._carry = b""
        self._carried_at = 0
        self._seen = 0

    @abstractmethod
    def begin(self, head: bytes, pos: int, end: int, at: int) -> int:
        """A message begins at ``pos``; returns the length of its body, :data:`UNKNOWN` or :data:`CHUNKED`.

        ``end`` is where its body begins; -1 when that is out of sight.
        """

    def finish(self, at: int) -> None:  # noqa: B027 - a request's end means nothing
        """The message has ended, or went out of sight."""

    def feed(self, at: int, length: int, head: bytes, turned: bool) -> None:
        """Take what was said at ``at``; ``turned`` tells that the other side has spoken since the last time."""
        if self._state:
            if turned and self.start.match(head):
                self._lost(self._seen)
            self._seen = at
        carry = self._carry
        if not carry:
            self._messages(at, at, length, head)
            return
        self._carry = b""
        if self._state:
            self._messages(at, at, length + len(carry), carry + head)
        elif self.start.match(carry + head) or _may_start(carry + head):
            self._messages(self._carried_at, at, length + len(carry), carry + head)
        else:
            self._messages(at, at, length, head)

    def end(self) -> None:
        """Nothing more will be said."""
        if self._state:
            self._lost(self._seen)

    def _messages(self, began: int, at: int, length: int, head: bytes) -> None:
        """Walk through what was said; the first message in it began at ``began``."""
        pos = 0
        while pos < length:
            pos = self._body(at, length, head, pos) if self._state else self._message(began, at, length, head, pos)
            began = at

    def _message(self, began: int, at: int, length: int, head: bytes, pos: int) -> int:
        whole = len(head) == length
        if not self.start.match(head, pos):
            if whole and _may_start(head[pos:]):
                self._keep(head[pos:], began)
            return length
        end = head.find(b"\r\n\r\n", pos) + 4
        if end < 4:
            end = -1
            if whole and length - pos < _MAX_CARRY:
                self._keep(head[pos:], began)
                return length
        body = self.begin(head, pos, end, began)
        if body == CHUNKED and end > 0:
            self._state, self._left, self._seen = _CHUNK, 0, at
            return end
        if body < 0 or (end < 0 and body > 0):
            self.finish(at)
            return length
        if end < 0 or end + body <= length:
            self.finish(at)
            return end + body if end > 0 else length
        self._state, self._left, self._seen = _BODY, end + body - length, at
        return length

    def _body(self, at: int, length: int, head: bytes, pos: int) -> int:
        taken = min(self._left, length - pos)
        self._left -= taken
        pos += taken
        if self._left:
            return length
        if self._state == _BODY:
            self._state = 0
            self.finish(at)
            return pos
        return self._chunk(at, length, head, pos) if pos < length else pos

    def _chunk(self, at: int, length: int, head: bytes, pos: int) -> int:
        """Pass a chunk's size line, or a trailer's line."""
        end = head.find(b"\n", pos) + 1
        if not end:
            if len(head) == length and length - pos < _MAX_SIZE_LINE:
                self._keep(head[pos:], at)
            else:
                self._lost(at)
            return length
        if self._state == _TRAILERS:
            if end - pos <= 2:
                self._state = 0
                self.finish(at)
            return end
        size = _SIZE.match(head, pos, end)
        if size is None:
            self._lost(at)
            return length
        self._left = int(size[1], 16)
        if self._left:
            self._left += 2
        else:
            self._state = _TRAILERS
        return end

    def _keep(self, rest: bytes, at: int) -> None:
        self._carry, self._carried_at = rest, at

    def _lost(self, at: int) -> None:
        self._state, self._left, self._carry = 0, 0, b""
        self.finish(at)


def _may_start(rest: bytes) -> bool:
    """Whether bytes too few to tell could be the beginning of a start line."""
    return len(rest) < _MAX_UNSURE and rest.translate(None, b" /.").isalnum() and rest[:1].isupper()


def body_length(head: bytes, pos: int, end: int) -> int:
    """The length of a body as told by the message's head, which starts before ``pos`` and ends at ``end``, if seen."""
    told = _LENGTH.search(head, pos, end if end > 0 else len(head))
    if told is None:
        return UNKNOWN
    return int(told[1]) if told[1] else CHUNKED
