"""Netlink: questions to the kernel that it answers with many messages, as linux/netlink.h lays them out."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator

from attrs import field, frozen

SOCK_DIAG, NETFILTER = 4, 12
"""Families of questions: sockets (NETLINK_SOCK_DIAG) and the firewall (NETLINK_NETFILTER)."""

REQUEST, DUMP = 0x1, 0x300
"""What a question asks for: an answer (NLM_F_REQUEST), and that of all there is (NLM_F_DUMP)."""

HEAD = struct.Struct("=IHHII")
"""Length, type, flags, sequence number and port of a message (struct nlmsghdr)."""

_ERROR, _DONE = 2, 3
_DATAGRAM = 1 << 16
"""More than the kernel puts into one answer (32 KiB)."""
_PATIENCE = 5.0
"""Seconds for the kernel, which answers while it is read from, and at once."""


@frozen
class Answer:
    """What the kernel answered.

    Attributes:
        content: its messages, one behind the other.
        starts: where each begins in ``content``.
        complete: whether it is all; no when there was more than was to be read.
    """

    content: bytes = b""
    starts: tuple[int, ...] = ()
    complete: bool = True

    @property
    def bodies(self) -> Iterator[bytes]:
        """Each message without its head."""
        for start in self.starts:
            length = HEAD.unpack_from(self.content, start)[0]
            yield self.content[start + HEAD.size : start + length]


@frozen
class Netlink:
    """A socket to the kernel, of the network namespace in which it was opened; a context manager that closes it.

    Attributes:
        family: of questions, such as :data:`SOCK_DIAG`.

    Raises:
        OSError: when the kernel knows no such questions.
    """

    family: int
    _socket: socket.socket = field(init=False, repr=False)

    @_socket.default
    def _open(self) -> socket.socket:
        opened = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, self.family)
        opened.settimeout(_PATIENCE)
        return opened

    def __enter__(self) -> Netlink:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the socket, which keeps its namespace alive."""
        self._socket.close()

    def ask(self, kind: int, flags: int, body: bytes, most: int = 1 << 26) -> Answer:
        """Ask, and read all of the answer.

        After an answer that is not complete the rest is still to be read: close then.

        Args:
            kind: type of the message.
            flags: :data:`REQUEST`, and what else it is.
            body: of the message.
            most: bytes after which no more is read.

        Raises:
            OSError: with the number that the kernel refuses the question with.
        """
        self._socket.send(HEAD.pack(HEAD.size + len(body), kind, flags, 0, 0) + body)
        parts: list[bytes] = []
        starts: list[int] = []
        size = 0
        while size < most:
            part = self._socket.recv(_DATAGRAM)
            found, done = walk(part)
            starts += [size + start for start in found]
            parts.append(part)
            size += len(part)
            if done or not flags & DUMP:
                return Answer(b"".join(parts), tuple(starts))
        return Answer(b"".join(parts), tuple(starts), complete=False)


def walk(part: bytes) -> tuple[list[int], bool]:
    """Where the messages of a datagram begin, and whether it has the last one of an answer.

    Raises:
        OSError: when it holds a refusal.
    """
    starts: list[int] = []
    at = 0
    while at + HEAD.size <= len(part):
        length, kind, *_ = HEAD.unpack_from(part, at)
        if kind == _DONE:
            return starts, True
        if not HEAD.size <= length <= len(part) - at:
            break
        if kind == _ERROR:
            _refused(part[at + HEAD.size : at + length])
        else:
            starts.append(at)
        at += (length + 3) & ~3
    return starts, False


def _refused(body: bytes) -> None:
    number = -struct.unpack_from("=i", body)[0] if len(body) >= 4 else 0
    if number > 0:
        raise OSError(number, os.strerror(number))
