"""AMQP 0-9-1: messages that are published, delivered and got. Only methods are read, never what they carry."""

from __future__ import annotations

from typing import NamedTuple

from causely_core.traffic.naming import OTHER, clean, template
from causely_plugin_ebpf.protocols.dialogue import MAX_PENDING, Exchange, Outcome
from causely_plugin_ebpf.protocols.framing import FramedDialogue, Message
from causely_plugin_ebpf.protocols.kept import keep
from causely_plugin_ebpf.protocols.queue import ById
from causely_plugin_ebpf.protocols.reader import Reader

_HEADER = 7
_GREETING = b"AMQP\0"
_METHOD, _HEARTBEAT = 1, 8
_MAX_SIZE = 1 << 24
_PUBLISH, _DELIVER, _GET, _GET_OK, _GET_EMPTY = (60, 40), (60, 60), (60, 70), (60, 71), (60, 72)
_ACK, _NACK, _CONSUME, _CONSUME_OK = (60, 80), (60, 120), (60, 20), (60, 21)
_CONFIRM, _CLOSE_CHANNEL, _CLOSE, _BLOCKED = (85, 10), (20, 40), (10, 50), (10, 60)
_FAILED = frozenset((313, 320, 501, 506, 541))
"""No consumers, closed by force, frame and resource errors, internal errors."""
_UNAUTHORIZED = frozenset((402, 403))
_GETTING = -1


class _Request(NamedTuple):
    started: int
    operation: str
    access: str


class Amqp(FramedDialogue):
    """One connection of an AMQP client.

    A publishing ends when the broker confirms it, if the channel asks for that, and otherwise with its method; a
    delivery is over at once.
    """

    def __init__(self) -> None:
        super().__init__(_HEADER, _measure, _measure)
        self.waiting: ById[_Request] = ById()
        self._published: dict[int, int] = {}
        self._consumed: dict[tuple[int, bytes], str] = {}
        self._consuming: dict[int, str] = {}

    def asked(self, message: Message) -> None:
        """Take a frame of the client."""
        reader = Reader(message.head, _HEADER)
        if message.head[0] != _METHOD:
            return
        channel, method = _channel(message.head), (reader.unsigned(2), reader.unsigned(2))
        if method == _PUBLISH:
            self._publish(channel, reader, message.started)
        elif method == _GET:
            reader.skip(2)
            request = _Request(message.started, f"get {_name(_short(reader))}", "read")
            self.waiting.ask(_key(channel, _GETTING), request)
        elif method == _CONSUME:
            self._consume(channel, reader)
        elif method == _CONFIRM:
            keep(self._published, channel, 0)

    def answered(self, message: Message) -> None:
        """Take a frame of the server."""
        reader = Reader(message.head, _HEADER)
        if message.head[0] != _METHOD:
            return
        channel, method, at = _channel(message.head), (reader.unsigned(2), reader.unsigned(2)), message.ended
        if method == _DELIVER:
            self._deliver(channel, reader, at)
        elif method in (_GET_OK, _GET_EMPTY):
            self._end(_key(channel, _GETTING), at)
        elif method in (_ACK, _NACK):
            self._confirm(channel, reader, at, method == _NACK)
        elif method == _CONSUME_OK and channel in self._consuming:
            keep(self._consumed, (channel, _short(reader)), self._consuming.pop(channel))
        elif method in (_CLOSE, _CLOSE_CHANNEL):
            self._closed(channel, reader.unsigned(2), at)
        elif method == _BLOCKED:
            self._tell(_Request(at, "blocked", "write"), at, "blocked", Outcome.THROTTLED)

    def _publish(self, channel: int, reader: Reader, at: int) -> None:
        reader.skip(2)
        exchange, routing_key = _short(reader), _short(reader)
        request = _Request(at, f"publish {_name(exchange or routing_key)}", "write")
        if channel not in self._published:
            self._tell(request, at)
            return
        self._published[channel] += 1
        self.waiting.ask(_key(channel, self._published[channel]), request)

    def _consume(self, channel: int, reader: Reader) -> None:
        reader.skip(2)
        queue, tag = _name(_short(reader)), _short(reader)
        if tag:
            keep(self._consumed, (channel, tag), queue)
        else:
            keep(self._consuming, channel, queue)

    def _deliver(self, channel: int, reader: Reader, at: int) -> None:
        queue = self._consumed.get((channel, _short(reader))) or OTHER
        self._tell(_Request(at, f"deliver {queue}", "read"), at)

    def _confirm(self, channel: int, reader: Reader, at: int, refused: bool) -> None:
        tag, multiple = reader.unsigned(8), reader.byte() & 1
        status, outcome = ("nack", Outcome.FAILED) if refused else ("", Outcome.OK)
        first = max(tag - MAX_PENDING, 1) if multiple else tag
        for number in range(first, tag + 1):
            self._end(_key(channel, number), at, status, outcome)

    def _closed(self, channel: int, code: int, at: int) -> None:
        """The server closes a channel, or all: what waits there, or else the closing itself, has that status."""
        outcome = Outcome.FAILED if code in _FAILED else Outcome.UNAUTHORIZED if code in _UNAUTHORIZED else Outcome.OK
        waiting = [key for key, _ in self.waiting.items() if channel in (0, key >> 64)]
        for key in waiting:
            self._end(key, at, str(code), outcome)
        if not waiting and code != 200:
            self._tell(_Request(at, "close", ""), at, str(code), outcome)
        self._published.pop(channel, None)

    def _end(self, key: int, at: int, status: str = "", outcome: Outcome = Outcome.OK) -> None:
        request = self.waiting.answer(key)
        if request is not None:
            self._tell(request, at, status, outcome)

    def _tell(self, request: _Request, at: int, status: str = "", outcome: Outcome = Outcome.OK) -> None:
        self._done.append(Exchange(request.started, at, request.operation, status, outcome, "rabbitmq", request.access))


def looks(head: bytes, to_server: bool) -> bool:
    """Whether a segment begins with the greeting, or with a method frame of a class that there is."""
    if head.startswith(_GREETING):
        return True
    size = int.from_bytes(head[3:7], "big")
    ended = head[_HEADER + size : _HEADER + size + 1]
    known = head[_HEADER : _HEADER + 2] in (b"\0\x0a", b"\0\x14", b"\0\x28", b"\0\x32", b"\0\x3c", b"\0\x55", b"\0\x5a")
    return head[0] == _METHOD and known and 4 <= size < 4096 and ended == b"\xce"


def _measure(head: bytes, pos: int) -> int:
    if head.startswith(_GREETING, pos):
        return 8
    size = int.from_bytes(head[pos + 3 : pos + 7], "big")
    ended = head[pos + _HEADER + size : pos + _HEADER + size + 1]
    sound = head[pos] in (1, 2, 3, _HEARTBEAT) and size <= _MAX_SIZE and ended in (b"", b"\xce")
    return _HEADER + size + 1 if sound else 0


def _channel(head: bytes) -> int:
    return int.from_bytes(head[1:3], "big")


def _key(channel: int, number: int) -> int:
    return channel << 64 | (number & (1 << 64) - 1)


def _short(reader: Reader) -> bytes:
    return reader.take(reader.byte())


def _name(name: bytes) -> str:
    """The name of an exchange or queue, unless it is one that was made up for one client."""
    text = clean(name.decode("utf-8", "replace"))
    return text if text and template(text) == text else OTHER
