"""MongoDB: OP_MSG commands and their replies, matched by their request id."""

from __future__ import annotations

import re
from typing import NamedTuple

from causely_core.traffic.naming import OTHER, access, clean, template
from causely_plugin_ebpf.protocols.bson import Value, elements
from causely_plugin_ebpf.protocols.dialogue import Exchange, Outcome
from causely_plugin_ebpf.protocols.framing import FramedDialogue, Message
from causely_plugin_ebpf.protocols.queue import ById
from causely_plugin_ebpf.protocols.reader import Reader

_HEADER = 16
_REPLY, _QUERY, _COMPRESSED, _MSG = 1, 2004, 2012, 2013
_CODES = frozenset((_REPLY, 2001, 2002, _QUERY, 2005, 2006, 2007, _COMPRESSED, _MSG))
_MAX_SIZE = 1 << 26
_MORE_TO_COME = 2
_HEARTBEATS = frozenset(("hello", "isMaster", "ismaster"))
"""Drivers wait by intent for the answers of these."""
_COMMAND = re.compile(r"[A-Za-z]{2,40}")
_COLLECTION = re.compile(r"[A-Za-z_][\w.$-]{0,119}")
_UNAUTHORIZED = frozenset((13, 18, 33, 8000))
_THROTTLED = frozenset((462,))
_FAILED = frozenset(
    (
        *(1, 6, 7, 8, 24, 39, 50, 63, 64, 89, 91, 112, 133, 134, 136, 146, 189, 202, 208, 226, 237, 262, 292, 317),
        *(9001, 10107, 11600, 11602, 13388, 13435, 13436, 14031),
    )
)
"""Internal errors, time limits, locks and conflicts, network, disk and memory, shutdowns, changes of the primary."""


class _Command(NamedTuple):
    started: int
    operation: str
    access: str
    database: str


class MongoDb(FramedDialogue):
    """One connection of a MongoDB client."""

    def __init__(self) -> None:
        super().__init__(_HEADER, _measure, _measure)
        self.waiting: ById[_Command] = ById()

    def asked(self, message: Message) -> None:
        """Take a command; one that wants no reply is told at once."""
        code = int.from_bytes(message.head[12:16], "little")
        command = _Command(message.started, OTHER, "", "")
        more = False
        if code == _MSG:
            more = bool(Reader(message.head, _HEADER).little(4) & _MORE_TO_COME)
            command = _named(message)
        elif code != _COMPRESSED:
            return
        if command.operation.partition(" ")[0] in _HEARTBEATS:
            return
        if more:
            self._tell(command, command.started, 0)
        else:
            self.waiting.ask(int.from_bytes(message.head[4:8], "little"), command)

    def answered(self, message: Message) -> None:
        """Take a reply."""
        command = self.waiting.answer(int.from_bytes(message.head[8:12], "little"))
        if command is not None:
            code = int.from_bytes(message.head[12:16], "little")
            self._tell(command, message.ended, _error(message.head) if code == _MSG else 0)

    def _tell(self, command: _Command, at: int, error: int) -> None:
        status, outcome = str(error) if error else "", _outcome(error)
        told = command.started, at, command.operation, status, outcome
        self._done.append(Exchange(*told, "mongodb", command.access, command.database))


def looks(head: bytes, to_server: bool) -> bool:
    """Whether a segment begins like a message that asks, or answers, as the direction wants."""
    if len(head) < _HEADER + 5 or not _measure(head, 0):
        return False
    code, reply = int.from_bytes(head[12:16], "little"), head[8:12] != b"\0\0\0\0"
    flags = int.from_bytes(head[16:20], "little")
    return code in (_MSG, _COMPRESSED, _QUERY, _REPLY) and reply != to_server and (code != _MSG or flags < 1 << 17)


def _measure(head: bytes, pos: int) -> int:
    size, code = int.from_bytes(head[pos : pos + 4], "little"), int.from_bytes(head[pos + 12 : pos + 16], "little")
    return size if _HEADER < size <= _MAX_SIZE and code in _CODES else 0


def _document(head: bytes) -> list[tuple[str, Value]]:
    """The plain elements of a message's first section, if that is a document."""
    return elements(head, _HEADER + 5) if head[_HEADER + 4 : _HEADER + 5] == b"\0" else []


def _named(message: Message) -> _Command:
    found = _document(message.head)
    if not found or not _COMMAND.fullmatch(found[0][0]):
        return _Command(message.started, OTHER, "", "")
    told = dict(reversed(found))
    word, value = found[0]
    collection = told.get("collection") if word == "getMore" else value
    database = told.get("$db", "")
    if not isinstance(collection, str) or not _COLLECTION.fullmatch(collection) or template(collection) != collection:
        collection = ""
    operation = f"{word} {collection}" if collection else word
    kind = "read" if word == "getMore" else access(word)
    return _Command(message.started, operation, kind, clean(database) if isinstance(database, str) else "")


def _error(head: bytes) -> int:
    """The error code of a reply that says it is not ok; 0 for success, or when that is out of sight."""
    told = dict(reversed(_document(head)))
    code = told.get("code")
    if told.get("ok", 1.0) in (1.0, 1, True):
        return 0
    return code if isinstance(code, int) and code > 0 else 1


def _outcome(error: int) -> Outcome:
    """What an error code says of the server."""
    if error in _FAILED:
        return Outcome.FAILED
    if error in _UNAUTHORIZED:
        return Outcome.UNAUTHORIZED
    return Outcome.THROTTLED if error in _THROTTLED else Outcome.OK
