"""PostgreSQL, protocol 3: simple and extended queries, each cycle up to ReadyForQuery one exchange."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from attrs import define

from causely_core.traffic.naming import OTHER, clean
from causely_plugin_ebpf.protocols.dialogue import Exchange, Outcome, Segment
from causely_plugin_ebpf.protocols.framing import FramedDialogue, Message
from causely_plugin_ebpf.protocols.kept import keep
from causely_plugin_ebpf.protocols.queue import InOrder
from causely_plugin_ebpf.protocols.reader import Cut, Reader
from causely_plugin_ebpf.protocols.sql import sqlstate_outcome, statement

_STARTUP, _CANCEL, _SSL, _GSS = 196608, 80877102, 80877103, 80877104
_UNTYPED = range(_STARTUP, _STARTUP + 8), range(_CANCEL, _GSS + 1)
_ASKED = frozenset(b"QPBEDSHCXdcfFp")
_ANSWERED = frozenset(b"RSKTDCZE123nstIAGHWNdcvV")
_UNASKED = frozenset(b"ANS")
"""Notifications, notices and changed parameters come at any time."""
_EMPTY = frozenset(b"SHXc"), frozenset(b"123nsIc")
_MAX_SIZE = 1 << 30
_MAX_SNIFFED = 1 << 16
_ANSWER = re.compile(rb"R\x00\x00..\x00\x00\x00|E\x00...S[A-Z]|Z\x00\x00\x00\x05[ITE]|T\x00...[\x00-\x06]", re.DOTALL)
_PREAMBLE = frozenset(("", "BEGIN", "START", "SET", "COMMIT", "ROLLBACK"))

_Statement = tuple[str, str]
"""Operation and access."""


@define
class _Cycle:
    """What the client asks for before it waits until the server is ready for more."""

    started: int
    operation: str = ""
    access: str = ""
    answered: int = 0
    status: str = ""

    def add(self, statement: _Statement) -> None:
        """Name the cycle after its first statement that does more than begin or end a transaction."""
        if self.operation in _PREAMBLE:
            self.operation, self.access = statement


class PostgreSql(FramedDialogue):
    """One connection of a PostgreSQL client; silent once it is encrypted."""

    __slots__ = (
        "_database",
        "_encrypted",
        "_latest",
        "_open",
        "_portals",
        "_statements",
        "_upgrading",
        "waiting",
    )

    def __init__(self) -> None:
        super().__init__(5, _measure_asked, _measure_answered)
        self.waiting: InOrder[_Cycle] = InOrder()
        self._open: _Cycle | None = None
        self._statements: dict[bytes, _Statement] = {}
        self._portals: dict[bytes, _Statement] = {}
        self._latest: _Statement = (OTHER, "")
        self._database = ""
        self._upgrading = self._encrypted = False

    def feed(self, segment: Segment) -> Sequence[Exchange]:
        """Take the next segment; returns the exchanges that it ended."""
        if self._encrypted:
            return ()
        if self._upgrading and not segment.to_server:
            self._upgrading = False
            answer = segment.head if segment.length == 1 else b""
            self._encrypted = answer in (b"S", b"G")
            if answer in (b"S", b"G", b"N"):
                return ()
        return super().feed(segment)

    def close(self) -> Sequence[Exchange]:
        """The connection has ended; a cycle of which an answer was seen has ended with it."""
        self._end_unseen()
        return self._handed_over()

    def asked(self, message: Message) -> None:
        """Take a message of the client."""
        kind = message.head[0]
        if kind == 0:
            self._start(message)
        elif take := _TAKE_ASKED.get(kind):
            take(self, message, Reader(message.head, 5))

    def answered(self, message: Message) -> None:
        """Take a message of the server."""
        kind = message.head[0]
        if kind in _UNASKED:
            return
        if cycle := self.waiting.first():
            cycle.answered = message.ended
            if kind == 69:
                cycle.status = _sqlstate(message)
        if kind == 90 or (kind == 69 and cycle and cycle.operation == "CONNECT"):
            self._end(message.ended)

    def blinded(self, to_server: bool, at: int) -> None:
        """Messages are out of sight: rows of the server, or what follows long parameters of a statement."""
        first = self.waiting.first()
        if not to_server and first:
            first.answered = at
        elif to_server and self._open:
            self._open.add(self._latest)
            self._open = None

    def _start(self, message: Message) -> None:
        reader = Reader(message.head, 4)
        code = reader.unsigned(4)
        if code in (_SSL, _GSS):
            self._upgrading = True
        elif code in _UNTYPED[0]:
            self.waiting.ask(_Cycle(message.started, "CONNECT"), message.started)
            told = _parameters(reader)
            self._database = clean((told.get(b"database") or told.get(b"user", b"")).decode("utf-8", "replace"))

    def _query(self, message: Message, reader: Reader) -> None:
        self._cycle(message).add(_named(reader, message))
        self._open = None

    def _parse(self, message: Message, reader: Reader) -> None:
        self._cycle(message)
        name = reader.zero_ended()
        self._latest = _named(reader, message)
        keep(self._statements, name, self._latest)

    def _bind(self, message: Message, reader: Reader) -> None:
        self._cycle(message)
        portal, name = reader.zero_ended(), reader.zero_ended()
        self._latest = self._statements.get(name, (OTHER, ""))
        keep(self._portals, portal, self._latest)

    def _execute(self, message: Message, reader: Reader) -> None:
        self._cycle(message).add(self._portals.get(reader.zero_ended(), (OTHER, "")))

    def _sync(self, message: Message, _: Reader) -> None:
        self._cycle(message)
        self._open = None

    def _cycle(self, message: Message) -> _Cycle:
        """The cycle that the client is asking for; a new one if it is not asking for one yet."""
        if self._open is None:
            self._end_unseen()
            self.waiting.turn(message.started)
            self._open = _Cycle(message.started)
            self.waiting.ask(self._open, message.started)
        return self._open

    def _end_unseen(self) -> None:
        """End the first cycle where it was last seen, if ReadyForQuery was out of sight."""
        first = self.waiting.first()
        if first and first.answered:
            self._end(first.answered)

    def _end(self, at: int) -> None:
        """End the first cycle. One that only prepares statements is none, unless it fails."""
        cycle = self.waiting.answer()
        if cycle is self._open:
            self._open = None
        if cycle is None or not (cycle.operation or cycle.status):
            return
        outcome = sqlstate_outcome(cycle.status) if cycle.status else Outcome.OK
        operation = cycle.operation or "PREPARE"
        self._done.append(
            Exchange(cycle.started, at, operation, cycle.status, outcome, "postgresql", cycle.access, self._database)
        )


_TAKE_ASKED: dict[int, Callable[[PostgreSql, Message, Reader], None]] = {
    81: PostgreSql._query,
    80: PostgreSql._parse,
    66: PostgreSql._bind,
    69: PostgreSql._execute,
    83: PostgreSql._sync,
}


def looks(head: bytes, to_server: bool) -> bool:
    """Whether a segment begins like a message of a client or server."""
    if len(head) < 8 or not to_server:
        return len(head) >= 6 and not to_server and _looks_answered(head)
    size = _measure_asked(head, 0)
    if head[0] == 0:
        return size > 0
    if size and head[0] in b"QP":
        return _plain_query(head)
    return head[0] in b"BSE" and 0 < size <= len(head) and _chained(head, size)


def _plain_query(head: bytes) -> bool:
    text = head[5:] if head[0] == 81 else head[5:].partition(b"\0")[2]
    return bool(statement(text.partition(b"\0")[0], False)[0])


def _chained(head: bytes, pos: int) -> bool:
    """Whether other messages follow, up to the end."""
    while pos + 5 <= len(head):
        size = _measure_asked(head, pos)
        if not size:
            return False
        pos += size
    return pos > 5


def _looks_answered(head: bytes) -> bool:
    size = _measure_answered(head, 0)
    follows = head[size : size + 1]
    if not 0 < size <= _MAX_SNIFFED or (follows and follows[0] not in _ANSWERED):
        return False
    return bool(_ANSWER.match(head)) or (head[0] == 49 and follows != b"")


def _measure_asked(head: bytes, pos: int) -> int:
    kind = head[pos]
    if kind == 0:
        size = int.from_bytes(head[pos : pos + 4], "big")
        code = int.from_bytes(head[pos + 4 : pos + 8], "big")
        known = any(code in codes for codes in _UNTYPED) or len(head) < pos + 8
        return size if known and 8 <= size <= 10_000 else 0
    return _measure(head, pos, kind, _ASKED, _EMPTY[0])


def _measure_answered(head: bytes, pos: int) -> int:
    kind = head[pos]
    size = _measure(head, pos, kind, _ANSWERED, _EMPTY[1])
    return size if kind != 90 or size == 6 else 0


def _measure(head: bytes, pos: int, kind: int, kinds: frozenset[int], empty: frozenset[int]) -> int:
    size = int.from_bytes(head[pos + 1 : pos + 5], "big")
    if kind not in kinds or not 4 <= size <= _MAX_SIZE or (kind in empty and size != 4):
        return 0
    return 1 + size


def _named(reader: Reader, message: Message) -> _Statement:
    """The statement at the reader's place, which may be cut."""
    text, ended, _ = reader.data[reader.pos :].partition(b"\0")
    operation, access = statement(text, bool(ended) or len(message.head) == message.size)
    return operation or OTHER, access


def _parameters(reader: Reader) -> dict[bytes, bytes]:
    told: dict[bytes, bytes] = {}
    try:
        while (name := reader.zero_ended()) and len(told) < 16:
            told[name] = reader.zero_ended()
    except Cut:
        pass
    return told


def _sqlstate(message: Message) -> str:
    reader = Reader(message.head, 5)
    try:
        while kind := reader.byte():
            value = reader.zero_ended()
            if kind == 67:
                return value.decode("ascii", "replace") if len(value) == 5 and value.isalnum() else ""
    except Cut:
        pass
    return "XX000"
