"""DNS over UDP and TCP: questions and answers, matched by their id. The name that is looked up is not told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from causely_core.traffic.naming import OTHER
from causely_plugin_ebpf.protocols.dialogue import Dialogue, Exchange, Outcome, Segment
from causely_plugin_ebpf.protocols.framing import FramedDialogue, Message
from causely_plugin_ebpf.protocols.queue import ById
from causely_plugin_ebpf.protocols.reader import Cut, Reader

_TYPES = {
    1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA", 33: "SRV", 35: "NAPTR",
    43: "DS", 48: "DNSKEY", 64: "SVCB", 65: "HTTPS", 251: "IXFR", 252: "AXFR", 255: "ANY", 257: "CAA",
}  # fmt: skip
_CODES = ("", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH")
_OUTCOMES = {"SERVFAIL": Outcome.FAILED, "REFUSED": Outcome.UNAUTHORIZED}
_HEADER = 12
_MAX_COUNT = 512


class _Question(NamedTuple):
    started: int
    operation: str


class _Questions:
    """Questions that wait for their answer."""

    def __init__(self) -> None:
        self.waiting: ById[_Question] = ById()

    def ask(self, started: int, data: bytes) -> None:
        """A question came. One that is asked again has been waiting since the first time."""
        id = _id(data)
        if _fits(data, answer=False) and self.waiting.get(id) is None:
            self.waiting.ask(id, _Question(started, _type(data)))

    def answer(self, ended: int, data: bytes) -> Exchange | None:
        """An answer came; None when it answers nothing known."""
        question = self.waiting.answer(_id(data)) if _fits(data, answer=True) else None
        if question is None:
            return None
        code = data[3] & 15
        status = _CODES[code] if code < len(_CODES) else str(code)
        outcome = _OUTCOMES.get(status, Outcome.OK)
        return Exchange(question.started, ended, question.operation, status, outcome, "dns")


class Dns(Dialogue):
    """What one UDP socket asks a name server: a segment is a datagram."""

    def __init__(self) -> None:
        self._questions = _Questions()
        self.waiting = self._questions.waiting

    def feed(self, segment: Segment) -> Sequence[Exchange]:
        """Take the next datagram; returns the exchange that it ended."""
        if segment.to_server:
            self._questions.ask(segment.at, segment.head)
            return ()
        exchange = self._questions.answer(segment.at, segment.head)
        return (exchange,) if exchange else ()


class DnsOverTcp(FramedDialogue):
    """One TCP connection to a name server."""

    def __init__(self) -> None:
        super().__init__(2, _measure, _measure)
        self._questions = _Questions()
        self.waiting = self._questions.waiting

    def asked(self, message: Message) -> None:
        """Take a question."""
        self._questions.ask(message.started, message.head[2:])

    def answered(self, message: Message) -> None:
        """Take an answer."""
        exchange = self._questions.answer(message.ended, message.head[2:])
        if exchange:
            self._done.append(exchange)


def looks(head: bytes, to_server: bool) -> bool:
    """Whether a datagram is a question, or begins like an answer, with the name in letters."""
    return _fits(head, answer=not to_server) and _type(head) != OTHER


def looks_over_tcp(head: bytes, to_server: bool) -> bool:
    """Whether a segment begins with a length and a question or answer."""
    size = int.from_bytes(head[:2], "big")
    return (len(head) - 2 == size or not to_server) and size >= 17 and looks(head[2:], to_server)


def _measure(head: bytes, pos: int) -> int:
    size = int.from_bytes(head[pos : pos + 2], "big")
    data = head[pos + 2 : pos + 2 + _HEADER]
    plausible = len(data) < _HEADER or data[4:6] == b"\0\1"
    return 2 + size if size > _HEADER and plausible else 0


def _id(data: bytes) -> int:
    return int.from_bytes(data[:2], "big")


def _fits(data: bytes, answer: bool) -> bool:
    """Whether it has the header of a standard query or its answer, with one question and sober counts."""
    if len(data) <= _HEADER or data[2] >> 7 != answer or data[2] & 0x78 or data[4:6] != b"\0\1":
        return False
    counts = [int.from_bytes(data[at : at + 2], "big") for at in (6, 8, 10)]
    return max(counts) <= _MAX_COUNT and (answer or counts[0] == 0)


def _type(data: bytes) -> str:
    """The type that is asked for, which stands behind the labels of the name."""
    reader = Reader(data, _HEADER)
    try:
        while length := reader.byte():
            if length > 63 or reader.pos > 270:
                return OTHER
            reader.take(length)
        type, kind = reader.unsigned(2), reader.unsigned(2)
    except Cut:
        return OTHER
    return _TYPES.get(type, OTHER) if kind & 0x7FFF == 1 else OTHER
