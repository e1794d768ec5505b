"""Redis: commands and their replies, pipelined or not, in RESP 2 or 3."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from causely_core.traffic.naming import OTHER, access
from causely_plugin_ebpf.protocols.dialogue import Dialogue, Exchange, Outcome, Segment
from causely_plugin_ebpf.protocols.queue import InOrder
from causely_plugin_ebpf.protocols.resp import Value, Values

_UNANSWERED = frozenset("SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE MONITOR".split())
"""What follows these is pushed."""
_WAITING = frozenset(
    "BLPOP BRPOP BRPOPLPUSH BLMOVE BLMPOP BZPOPMIN BZPOPMAX BZMPOP WAIT WAITAOF XREAD XREADGROUP".split()
)
"""Commands whose answer is waited for by intent, so that how long they take means nothing."""
_PUSHED = re.compile(rb"[ps]?(?:un)?subscribe|[ps]?message", re.IGNORECASE)
_FAILED = frozenset(
    "OOM LOADING MISCONF READONLY CLUSTERDOWN MASTERDOWN TRYAGAIN BUSY NOREPLICAS IOERR UNKILLABLE NOTREADY".split()
)
_UNAUTHORIZED = frozenset("NOAUTH NOPERM WRONGPASS DENIED".split())
_COMMAND = re.compile(rb"[A-Za-z][A-Za-z0-9._]{1,31}")
_SNIFFED = re.compile(rb"\*\d{1,4}\r\n\$\d{1,2}\r\n[A-Za-z._]{2,32}(?:\r\n|\Z)")
_SNIFFED_ANSWER = re.compile(
    rb"\+(?:OK|PONG|QUEUED)\r\n|-[A-Z]{2,20} |\$(?:-1|\d{1,9})\r\n|:-?\d{1,19}\r\n|\*\d{1,7}\r\n[$:*+]"
)
_WORD = re.compile(rb"-([A-Z]{2,20})\b")


class _Command(NamedTuple):
    started: int
    operation: str
    access: str


class Redis(Dialogue):
    """One connection of a Redis client."""

    def __init__(self) -> None:
        self.waiting: InOrder[_Command] = InOrder()
        self._commands = Values(inline=True)
        self._replies = Values(inline=False)
        self._to_server = True

    def feed(self, segment: Segment) -> Sequence[Exchange]:
        """Take the next segment; returns the exchanges that it ended."""
        to_server, at, length, head = segment
        turned = to_server is not self._to_server
        self._to_server = to_server
        if to_server:
            self._ask(at, self._commands.inside, self._commands.cut(at, length, head, turned))
            return ()
        done = [self._answered(at, reply) for reply in self._replies.cut(at, length, head, turned)]
        return [exchange for exchange in done if exchange]

    def _ask(self, at: int, inside: bool, commands: Sequence[Value]) -> None:
        for command in commands:
            operation, access = _named(command.word or command.line)
            if operation in _UNANSWERED:
                continue
            if not inside:
                self.waiting.turn(command.started)
                inside = True
            self.waiting.ask(_Command(command.started, operation, access), at)

    def _answered(self, at: int, reply: Value) -> Exchange | None:
        kind = reply.line[:1]
        if kind == b">" or (reply.word and _PUSHED.fullmatch(reply.word)):
            return None
        command = self.waiting.answer()
        if command is None or command.operation in _WAITING:
            return None
        status, outcome = _error(reply.line) if kind in b"-!" else ("", Outcome.OK)
        return Exchange(command.started, at, command.operation, status, outcome, "redis", command.access)


def looks(head: bytes, to_server: bool) -> bool:
    """Whether a segment begins like a command or a reply."""
    return (_SNIFFED if to_server else _SNIFFED_ANSWER).match(head) is not None


@lru_cache(512)
def _named(word: bytes) -> tuple[str, str]:
    if not _COMMAND.fullmatch(word):
        return OTHER, ""
    operation = word.decode("ascii").upper()
    return operation, access(operation)


def _error(line: bytes) -> tuple[str, Outcome]:
    """The first word of an error, and what it says of the server."""
    match = _WORD.match(line)
    word = match[1].decode("ascii") if match else "ERR"
    if line.startswith(b"-ERR max number of clients"):
        return word, Outcome.THROTTLED
    if word in _UNAUTHORIZED:
        return word, Outcome.UNAUTHORIZED
    return word, Outcome.FAILED if word in _FAILED else Outcome.OK
