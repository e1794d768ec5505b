"""Messages that tell their own length, cut out of what one side says."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import NamedTuple

from causely_plugin_ebpf.protocols.dialogue import Dialogue, Exchange, Segment
from causely_plugin_ebpf.protocols.reader import Cut

KEEP = 1024
"""Bytes that are kept of a message that comes in several segments."""

Measure = Callable[[bytes, int], int]
"""The length of the message at a position, header included; 0 when no message begins there.

It is called with a whole header at that position; it looks at what follows only if that is there.
"""


class Message(NamedTuple):
    """One message.

    Attributes:
        started: when its first byte was seen, in nanoseconds.
        ended: when its last byte was seen.
        size: its length, header included.
        head: the first of it, as much as was seen.
    """

    started: int
    ended: int
    size: int
    head: bytes


class Framer:
    """Cuts what one side says into messages.

    Attributes:
        blind: whether the last segment ended out of sight, so that messages may have begun unseen.
    """

    __slots__ = ("_header", "_left", "_measure", "_rest", "_size", "_started", "_whole", "blind")

    def __init__(self, header: int, measure: Measure) -> None:
        self.blind = False
        self._header = header
        self._measure = measure
        self._rest = b""
        self._started = 0
        self._size = 0
        self._left = 0
        self._whole = False

    def cut(self, segment: Segment, turned: bool) -> list[Message]:
        """The messages that end in this segment; ``turned``: the other side has spoken since the last one."""
        _, at, length, head = segment
        self.blind = False
        if turned and (self._left or self._rest) and self._begins(head):
            self._left, self._rest = 0, b""
        if self._left:
            return self._continued(at, length, head)
        rest, self._rest = self._rest, b""
        if not rest:
            return self._messages(at, at, length, head, 0)
        joined = rest + head
        if len(joined) >= self._header and not self._measure(joined, 0):
            return self._messages(at, at, length, head, 0)
        return self._messages(self._started, at, length + len(rest), joined, 0)

    def _begins(self, head: bytes) -> bool:
        return len(head) >= self._header and self._measure(head, 0) >= self._header

    def _continued(self, at: int, length: int, head: bytes) -> list[Message]:
        """Go on with a message of which the end is still to come."""
        taken = min(self._left, length)
        if self._whole and len(self._rest) < KEEP:
            self._rest += head[: min(taken, KEEP - len(self._rest))]
        self._whole = self._whole and taken <= len(head)
        self._left -= taken
        if self._left:
            return []
        message = Message(self._started, at, self._size, self._rest)
        self._rest = b""
        return [message, *self._messages(at, at, length, head, taken)]

    def _messages(self, began: int, at: int, length: int, head: bytes, pos: int) -> list[Message]:
        """The messages from ``pos`` on; the first of them began at ``began``."""
        found: list[Message] = []
        while pos < length:
            if pos + self._header > len(head):
                self._out_of_sight(began, length, head, pos)
                break
            size = self._measure(head, pos)
            if size < self._header:
                self.blind = True
                break
            end = pos + size
            if end > length:
                self._started, self._size, self._left = began, size, end - length
                self._rest, self._whole = head[pos : pos + KEEP], len(head) == length
                break
            found.append(Message(began, at, size, head[pos:end]))
            pos, began = end, at
        return found

    def _out_of_sight(self, began: int, length: int, head: bytes, pos: int) -> None:
        if len(head) == length:
            self._rest, self._started = head[pos:], began
        else:
            self.blind = True


class FramedDialogue(Dialogue):
    """A dialogue in messages that tell their own length."""

    __slots__ = ("_done", "_framers", "_to_server")

    def __init__(self, header: int, asked: Measure, answered: Measure, answered_header: int = 0) -> None:
        # By whether it is the client who speaks.
        self._framers = Framer(answered_header or header, answered), Framer(header, asked)
        self._to_server = True
        self._done: list[Exchange] = []

    def feed(self, segment: Segment) -> Sequence[Exchange]:
        """Take the next segment; returns the exchanges that it ended."""
        to_server = segment.to_server
        turned = to_server is not self._to_server
        self._to_server = to_server
        framer = self._framers[to_server]
        take = self.asked if to_server else self.answered
        for message in framer.cut(segment, turned):
            try:
                take(message)
            except Cut:
                continue
        if framer.blind:
            self.blinded(to_server, segment.at)
        return self._handed_over()

    def _handed_over(self) -> Sequence[Exchange]:
        done = self._done
        if not done:
            return ()
        self._done = []
        return done

    @abstractmethod
    def asked(self, message: Message) -> None:
        """The client has sent a message. May raise :class:`Cut` when there is not enough of it."""

    @abstractmethod
    def answered(self, message: Message) -> None:
        """The server has sent a message. May raise :class:`Cut` when there is not enough of it."""

    def blinded(self, to_server: bool, at: int) -> None:
        """A segment held messages that were out of sight."""
