"""MySQL and MariaDB: one command at a time, from its packet to the last one of its answer."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define

from causely_core.traffic.naming import OTHER, clean
from causely_plugin_ebpf.protocols.dialogue import Exchange, Outcome, Segment
from causely_plugin_ebpf.protocols.framing import FramedDialogue, Message
from causely_plugin_ebpf.protocols.kept import keep
from causely_plugin_ebpf.protocols.reader import Cut, Reader
from causely_plugin_ebpf.protocols.sql import sqlstate_outcome, statement

_HEADER = 4
_QUIT, _INIT_DB, _QUERY, _PREPARE, _EXECUTE, _LONG_DATA, _CLOSE = 0x01, 0x02, 0x03, 0x16, 0x17, 0x18, 0x19
_UNANSWERED = frozenset((_QUIT, _LONG_DATA, _CLOSE))
_NAMES = {_INIT_DB: "USE", 0x04: "FIELDS", 0x09: "STATISTICS", 0x0E: "PING", 0x11: "CHANGE USER", 0x1C: "FETCH"}
_LAST_COMMAND = 0x1F
_WITH_DB, _SSL, _PROTOCOL_41, _SECURE, _LENENC_AUTH = 0x8, 0x800, 0x200, 0x8000, 0x200000
_MORE_RESULTS = 0x8
_UNAUTHORIZED = frozenset((1044, 1045, 1142, 1143, 1227, 1370, 1698))
_THROTTLED = frozenset((1040, 1203, 1226))

_MAX_ANSWERED = 1 << 20
"""Longer packets of servers are taken for what follows bytes that were not seen."""
_BEGINNING, _ROWS, _OUT_OF_SIGHT = -1, -2, -3

_Statement = tuple[str, str]


@define
class _Command:
    """A command, and how far its answer has come.

    Attributes:
        told: whether its end is worth an exchange.
        columns: definitions that are still to come, or how far the answer is otherwise.
        seen: when the answer was last seen; 0 before.
    """

    started: int
    operation: str
    access: str = ""
    told: bool = True
    columns: int = _BEGINNING
    seen: int = 0


class MySql(FramedDialogue):
    """One connection of a MySQL client; silent once it is encrypted."""

    def __init__(self) -> None:
        super().__init__(_HEADER, _measure_asked, _measure_answered)
        self._command: _Command | None = None
        self._statements: dict[int, _Statement] = {}
        self._preparing: _Statement | None = None
        self._database = ""
        self._encrypted = False

    @property
    def pending(self) -> int:
        """Commands that wait for the end of their answer: one at most."""
        return self._command is not None

    @property
    def dropped(self) -> int:
        """None: a client asks again only after the answer."""
        return 0

    def feed(self, segment: Segment) -> Sequence[Exchange]:
        """Take the next segment; returns the exchanges that it ended."""
        if self._encrypted:
            return ()
        if self._command and self._command.seen and not segment.to_server:
            self._command.seen = segment.at
        return super().feed(segment)

    def close(self) -> Sequence[Exchange]:
        """The connection has ended; an answer that was seen in part has ended with it."""
        self._end_unseen()
        return self._handed_over()

    def asked(self, message: Message) -> None:
        """Take a packet of the client."""
        reader = Reader(message.head, _HEADER)
        if message.head[3] == 0:
            self._ask(reader.byte(), reader, message)
        elif message.head[3] == 1 and self._command and self._command.operation == "CONNECT":
            self._log_in(reader, message)

    def answered(self, message: Message) -> None:
        """Take a packet of the server."""
        reader = Reader(message.head, _HEADER)
        kind = reader.byte()
        if message.head[3] == 0:
            self._greet(kind, message)
        elif self._command is not None:
            self._command.seen = message.ended
            if kind == 0xFF and self._command.columns in (_BEGINNING, _ROWS):
                self._fail(reader, message.ended)
            elif self._command.operation == "CONNECT":
                if kind == 0 and message.size >= _HEADER + 7:
                    self._end(message.ended)
            else:
                self._go_on(self._command, kind, reader, message)

    def blinded(self, to_server: bool, at: int) -> None:
        """Packets of the server are out of sight: what comes after them cannot be told from rows."""
        if not to_server and self._command:
            self._command.seen, self._command.columns = at, _OUT_OF_SIGHT

    def _greet(self, kind: int, message: Message) -> None:
        self._command = _Command(message.started, "CONNECT")
        if kind == 0xFF:
            self._fail(Reader(message.head, _HEADER + 1), message.ended)

    def _log_in(self, reader: Reader, message: Message) -> None:
        flags = reader.little(4)
        if flags & _SSL and message.size == _HEADER + 32:
            self._encrypted, self._command = True, None
            return
        if flags & _WITH_DB and flags & _PROTOCOL_41:
            reader.skip(28)
            reader.zero_ended()
            if flags & _LENENC_AUTH or flags & _SECURE:
                reader.skip(reader.byte())
            else:
                reader.zero_ended()
            self._database = clean(reader.zero_ended().decode("utf-8", "replace"))

    def _ask(self, kind: int, reader: Reader, message: Message) -> None:
        self._end_unseen()
        self._command, self._preparing = None, None
        if kind in _UNANSWERED:
            return
        operation, access = _NAMES.get(kind, OTHER), ""
        if kind in (_QUERY, _PREPARE):
            whole = len(message.head) == message.size
            operation, access = statement(message.head[reader.pos :], whole)
            operation = operation or OTHER
        elif kind == _EXECUTE:
            operation, access = self._statements.get(reader.little(4), (OTHER, ""))
        elif kind == _INIT_DB:
            self._database = clean(message.head[reader.pos :].decode("utf-8", "replace"))
        self._command = _Command(message.started, operation, access, kind != _PREPARE)
        if kind == _PREPARE:
            self._preparing = operation, access

    def _go_on(self, command: _Command, kind: int, reader: Reader, message: Message) -> None:
        """Follow an answer: an OK, or column definitions and then rows up to an end marker."""
        size = message.size - _HEADER
        if command.columns == _OUT_OF_SIGHT:
            return
        if command.columns == _BEGINNING:
            self._first(command, kind, reader, message)
        elif command.columns > 0:
            command.columns -= 1
        elif kind == 0xFE and size < 0xFFFFFF and (size != 5 or command.columns == _ROWS):
            self._end_of_rows(command, size, reader, message.ended)
        else:
            command.columns = _ROWS

    def _first(self, command: _Command, kind: int, reader: Reader, message: Message) -> None:
        if self._preparing:
            if kind == 0:
                keep(self._statements, reader.little(4) & 0xFFFFFFFF, self._preparing)
            self._end(message.ended)
        elif kind == 0:
            _length(reader), _length(reader)
            self._end_or_more(command, reader.little(2), message.ended)
        elif 0 < kind < 0xFB and command.operation != "STATISTICS":
            command.columns = kind
        elif kind == 0xFC:
            command.columns = reader.little(2) & 0xFFFF
        elif kind != 0xFB:
            self._end(message.ended)

    def _end_of_rows(self, command: _Command, size: int, reader: Reader, at: int) -> None:
        if size == 5:
            reader.skip(2)
        else:
            _length(reader), _length(reader)
        self._end_or_more(command, reader.little(2), at)

    def _end_or_more(self, command: _Command, flags: int, at: int) -> None:
        if flags & _MORE_RESULTS:
            command.columns = _BEGINNING
        else:
            self._end(at)

    def _fail(self, reader: Reader, at: int) -> None:
        code = reader.little(2) & 0xFFFF
        state = (
            reader.data[reader.pos + 1 : reader.pos + 6] if reader.data[reader.pos : reader.pos + 1] == b"#" else b""
        )
        if self._command:
            self._command.told = True
        self._end(at, str(code), _outcome(code, state.decode("ascii", "replace")))

    def _end_unseen(self) -> None:
        """End a command where its answer was last seen, if the end was out of sight."""
        if self._command and self._command.seen and self._command.operation != "CONNECT":
            self._end(self._command.seen)

    def _end(self, at: int, status: str = "", outcome: Outcome = Outcome.OK) -> None:
        command, self._command, self._preparing = self._command, None, None
        if command and command.told:
            told = command.started, at, command.operation, status, outcome
            self._done.append(Exchange(*told, "mysql", command.access, self._database))


def looks(head: bytes, to_server: bool) -> bool:
    """Whether a segment begins like a command with a statement, or like a server's greeting."""
    size = int.from_bytes(head[:3], "little")
    if to_server:
        cut = len(head) - _HEADER == size or (len(head) >= 128 and len(head) - _HEADER < size)
        return head[3] == 0 and cut and head[4:5] in (b"\3", b"\x16") and bool(statement(head[5:], False)[0])
    return size > 30 and head[3] == 0 and head[4:5] == b"\x0a" and 0 < head.find(b"\0", 5) < 80 and head[5:6].isdigit()


def _measure_asked(head: bytes, pos: int) -> int:
    size = int.from_bytes(head[pos : pos + 3], "little")
    kind = head[pos + 4 : pos + 5]
    if head[pos + 3] == 0 and (not size or (kind and not 0 < kind[0] <= _LAST_COMMAND)):
        return 0
    return _HEADER + size if head[pos + 3] < 16 else 0


def _measure_answered(head: bytes, pos: int) -> int:
    size = int.from_bytes(head[pos : pos + 3], "little")
    return _HEADER + size if 0 < size <= _MAX_ANSWERED else 0


def _length(reader: Reader) -> int:
    """A length-encoded number."""
    first = reader.byte()
    if first < 0xFB:
        return first
    if first not in (0xFC, 0xFD, 0xFE):
        raise Cut
    return int.from_bytes(reader.take({0xFC: 2, 0xFD: 3, 0xFE: 8}[first]), "little")


def _outcome(code: int, state: str) -> Outcome:
    """What an error number and its SQLSTATE say of the server."""
    if code in _UNAUTHORIZED:
        return Outcome.UNAUTHORIZED
    return Outcome.THROTTLED if code in _THROTTLED else sqlstate_outcome(state or "HY000")
