"""Frames of HTTP/2: their lengths, and header blocks that are spread over several of them."""

from __future__ import annotations

from attrs import define

from causely_plugin_ebpf.protocols.framing import Message

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, END_HEADERS, PADDED, HAS_PRIORITY = 0x1, 0x4, 0x8, 0x20
HEADER = 9
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

_MAX_SIZE = 1 << 20
_MAX_BLOCK = 4096
_EXTENSIONS = (0xA, 0xC, 0x10)
_SIZES = {PRIORITY: 5, RST_STREAM: 4, PING: 8, WINDOW_UPDATE: 4}
_ON_STREAM = frozenset((DATA, HEADERS, PRIORITY, RST_STREAM, PUSH_PROMISE, CONTINUATION))
_ON_CONNECTION = frozenset((SETTINGS, PING, GOAWAY))


def measure(head: bytes, pos: int) -> int:
    """The length of the frame at ``pos``, its header included; 0 when there is none."""
    if head.startswith(PREFACE[:HEADER], pos):
        return len(PREFACE)
    size, kind, stream = int.from_bytes(head[pos : pos + 3], "big"), head[pos + 3], stream_of(head, pos)
    if kind > CONTINUATION and kind not in _EXTENSIONS:
        return 0
    if size > _MAX_SIZE or head[pos + 5] & 0x80 or _SIZES.get(kind, size) != size:
        return 0
    if (kind in _ON_STREAM and not stream) or (kind in _ON_CONNECTION and stream):
        return 0
    return HEADER + size if kind != SETTINGS or size % 6 == 0 else 0


def stream_of(head: bytes, pos: int = 0) -> int:
    """The number of the stream that the frame at ``pos`` belongs to."""
    return int.from_bytes(head[pos + 5 : pos + 9], "big") & 0x7FFFFFFF


def holds_call(message: Message) -> bool:
    """Whether a DATA frame holds just one message of gRPC."""
    size = message.size - HEADER - 5
    prefix = message.head[HEADER : HEADER + 5]
    return len(prefix) == 5 and prefix[0] <= 1 and int.from_bytes(prefix[1:], "big") == size


@define
class Block:
    """A header block.

    Attributes:
        stream: to which it belongs.
        started: when its first byte was seen, in nanoseconds.
        ends: whether nothing follows it on the stream.
        data: as much of it as was seen.
        whole: whether that is all of it.
    """

    stream: int
    started: int
    ends: bool
    data: bytes
    whole: bool


class Fragments:
    """Puts the fragments of header blocks together, in one direction."""

    __slots__ = ("_open",)

    def __init__(self) -> None:
        self._open: Block | None = None

    def take(self, message: Message) -> Block | None:
        """Take a HEADERS or CONTINUATION frame; returns the block that it ends."""
        head, flags = message.head, message.head[4]
        stream = stream_of(head)
        if head[3] == HEADERS:
            data, whole = _fragment(message, flags)
            block = Block(stream, message.started, bool(flags & END_STREAM), data, whole)
        elif self._open is None or self._open.stream != stream:
            self._open = None
            return None
        else:
            block = self._open
            block.whole = block.whole and len(head) == message.size and len(block.data) < _MAX_BLOCK
            if block.whole:
                block.data += head[HEADER:]
        self._open = None if flags & END_HEADERS else block
        return block if flags & END_HEADERS else None


def _fragment(message: Message, flags: int) -> tuple[bytes, bool]:
    """The fragment in a HEADERS frame, without padding and priority, and whether it is all there."""
    start, padding = HEADER, 0
    if flags & PADDED and len(message.head) > start:
        padding = message.head[start]
        start += 1
    if flags & HAS_PRIORITY:
        start += 5
    end = max(start, message.size - padding)
    return message.head[start:end], len(message.head) >= end
