"""HTTP/2, and gRPC on top of it: streams from their first HEADERS to the end of the answer."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define

from causely_core.traffic.naming import METHODS, OTHER, template
from causely_plugin_ebpf.protocols import grpc, http1
from causely_plugin_ebpf.protocols.dialogue import Exchange, Outcome
from causely_plugin_ebpf.protocols.framing import FramedDialogue, Message
from causely_plugin_ebpf.protocols.header_blocks import HeaderBlocks, Headers
from causely_plugin_ebpf.protocols.http2_frames import (
    CONTINUATION,
    DATA,
    END_STREAM,
    GOAWAY,
    HEADER,
    HEADERS,
    PREFACE,
    RST_STREAM,
    Block,
    Fragments,
    holds_call,
    measure,
    stream_of,
)
from causely_plugin_ebpf.protocols.queue import ById
from causely_plugin_ebpf.protocols.reader import Reader

_NO_ERROR, _CANCEL, _ENHANCE_YOUR_CALM = 0, 8, 11
_CANCELLED, _DEADLINE_EXCEEDED = "1", "4"


@define
class _Stream:
    """A request, and what is known of its answer."""

    started: int
    operation: str
    path: bytes
    grpc: bool
    deadline: int = 0
    http_status: str = ""
    status: str = ""
    seen: int = 0

    def is_call(self) -> None:
        """It has turned out to be a gRPC call."""
        if not self.grpc:
            self.grpc, self.operation = True, grpc.method(self.path)


class Http2(FramedDialogue):
    """One HTTP/2 connection; its streams are told as ``grpc`` or ``http``."""

    __slots__ = ("_blocks", "_fragments", "waiting")

    def __init__(self) -> None:
        super().__init__(HEADER, measure, measure)
        self.waiting: ById[_Stream] = ById()
        # By whether it is the client who speaks.
        self._fragments = Fragments(), Fragments()
        self._blocks = HeaderBlocks(), HeaderBlocks()

    def close(self) -> Sequence[Exchange]:
        """The connection has ended; answers that had begun have ended with it."""
        self._end_begun()
        return self._handed_over()

    def asked(self, message: Message) -> None:
        """Take a frame of the client."""
        kind = message.head[3]
        if message.head.startswith(PREFACE[:HEADER]):
            return
        if kind == RST_STREAM:
            self._cancelled(message)
        elif kind == DATA:
            stream = self.waiting.get(stream_of(message.head))
            if stream and holds_call(message):
                stream.is_call()
        elif kind in (HEADERS, CONTINUATION) and (block := self._fragments[True].take(message)):
            self._asked_for(block)

    def answered(self, message: Message) -> None:
        """Take a frame of the server."""
        head, kind = message.head, message.head[3]
        if kind == RST_STREAM:
            self._reset(message)
        elif kind == GOAWAY:
            self._gone(Reader(head, HEADER).unsigned(4) & 0x7FFFFFFF)
        elif kind == DATA and head[4] & END_STREAM:
            self._end(stream_of(head), message.ended)
        elif kind in (HEADERS, CONTINUATION) and (block := self._fragments[False].take(message)):
            self._answer(block, message.ended)

    def blinded(self, to_server: bool, at: int) -> None:
        """Frames of the server are out of sight: the answers that have begun may have ended there."""
        if not to_server:
            for id, stream in self.waiting.items():
                if stream.http_status:
                    self._end(id, at)

    def _asked_for(self, block: Block) -> None:
        headers = self._blocks[True].read(block.data, block.whole)
        if self.waiting.get(block.stream) is not None:
            return  # the trailers of a request
        operation, is_grpc = _operation(headers)
        path = headers.get(b":path", b"")
        if operation == OTHER and block.whole and path:
            self._blocks[True].forget()
        timeout = grpc.timeout(headers.get(b"grpc-timeout", b""))
        deadline = block.started + timeout if timeout else 0
        self.waiting.ask(block.stream, _Stream(block.started, operation, path, is_grpc, deadline))

    def _answer(self, block: Block, at: int) -> None:
        headers = self._blocks[False].read(block.data, block.whole)
        stream = self.waiting.get(block.stream)
        if stream is None:
            return
        stream.seen = at
        status = headers.get(b":status", b"")
        if len(status) == 3 and status.isdigit() and status[0] != 49:
            stream.http_status = status.decode("ascii")
        if b"grpc-status" in headers:
            stream.is_call()
            stream.status = grpc.status_of(headers[b"grpc-status"])
        if block.ends:
            self._end(block.stream, at)

    def _end(self, id: int, at: int) -> None:
        stream = self.waiting.answer(id)
        if stream is None:
            return
        if stream.grpc and (stream.http_status in ("", "200") or stream.status):
            self._tell(stream, at, stream.status, grpc.outcome_of(stream.status))
        else:
            status = stream.http_status
            self._tell(stream, at, status, http1.outcome_of(int(status)) if status else Outcome.OK)

    def _end_begun(self) -> None:
        for id, stream in self.waiting.items():
            if stream.http_status:
                self._end(id, stream.seen)

    def _cancelled(self, message: Message) -> None:
        """The client gave up: through no fault of the server, unless it was out of time."""
        stream = self.waiting.answer(stream_of(message.head))
        if stream is None:
            return
        late = 0 < stream.deadline <= message.ended
        status = _DEADLINE_EXCEEDED if late else _CANCELLED
        self._tell(stream, message.ended, status if stream.grpc else "", Outcome.FAILED if late else Outcome.OK)

    def _reset(self, message: Message) -> None:
        """The server gave up; it may do so without an error after a whole answer."""
        id, code = stream_of(message.head), Reader(message.head, HEADER).unsigned(4)
        stream = self.waiting.get(id)
        if stream is None:
            return
        if code == _NO_ERROR:
            self._end(id, message.ended)
            return
        self.waiting.answer(id)
        status = grpc.status_of_reset(code)
        outcome = Outcome.THROTTLED if code == _ENHANCE_YOUR_CALM else Outcome.FAILED
        if stream.grpc and code != _ENHANCE_YOUR_CALM:
            outcome = grpc.outcome_of(status)
        self._tell(stream, message.ended, status if stream.grpc else "", outcome)

    def _gone(self, last: int) -> None:
        """The server takes no streams after the ``last``: whoever asked will ask another one."""
        for id, _ in self.waiting.items():
            if id > last:
                self.waiting.answer(id)

    def _tell(self, stream: _Stream, at: int, status: str, outcome: Outcome) -> None:
        system = "grpc" if stream.grpc else "http"
        self._done.append(Exchange(stream.started, at, stream.operation, status, outcome, system))


def looks(head: bytes, to_server: bool) -> bool:
    """Whether a segment begins with the preface, or with frames up to its end."""
    if to_server and head.startswith(PREFACE):
        return True
    pos = frames = 0
    while pos + HEADER <= len(head):
        size = measure(head, pos)
        if not size or head[pos + 4] & ~0x2D:
            return False
        pos += size
        frames += 1
    settings = head[3:4] == b"\4" and head[:3] != b"\0\0\0"
    return frames > 1 or (frames == 1 and settings and pos == len(head))


def _operation(headers: Headers) -> tuple[str, bool]:
    """The operation, and whether it is a gRPC call."""
    path, verb = headers.get(b":path", b""), headers.get(b":method", b"").decode("latin-1")
    if headers.get(b"content-type", b"").startswith(grpc.CONTENT_TYPE):
        return grpc.method(path), True
    if verb == "CONNECT":
        return verb, False
    if verb not in METHODS or not path.startswith((b"/", b"*")):
        return OTHER, False
    return f"{verb} {template(path.decode('latin-1'))}", False
