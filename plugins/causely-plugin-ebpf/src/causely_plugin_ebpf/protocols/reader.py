"""A cursor over bytes of which the end may be missing."""

from __future__ import annotations


class Cut(Exception):
    """What was to be read lies beyond the bytes that are there."""


class Reader:
    """Reads numbers and names off bytes; whatever is not there raises :class:`Cut`.

    Attributes:
        data: the bytes.
        pos: where the next thing is read; may lie beyond the end.
    """

    __slots__ = ("data", "pos")

    def __init__(self, data: bytes, pos: int = 0) -> None:
        self.data = data
        self.pos = pos

    def take(self, size: int) -> bytes:
        """The next ``size`` bytes."""
        pos = self.pos
        end = pos + size
        if size < 0 or end > len(self.data):
            raise Cut
        self.pos = end
        return self.data[pos:end]

    def skip(self, size: int) -> None:
        """Leave out the next ``size`` bytes, which need not be there."""
        if size < 0:
            raise Cut
        self.pos += size

    def byte(self) -> int:
        """The next byte."""
        pos = self.pos
        if pos >= len(self.data):
            raise Cut
        self.pos = pos + 1
        return self.data[pos]

    def unsigned(self, size: int) -> int:
        """An unsigned number of ``size`` bytes, most significant first."""
        return int.from_bytes(self.take(size), "big")

    def signed(self, size: int) -> int:
        """A signed number of ``size`` bytes, most significant first."""
        return int.from_bytes(self.take(size), "big", signed=True)

    def little(self, size: int) -> int:
        """A signed number of ``size`` bytes, least significant first."""
        return int.from_bytes(self.take(size), "little", signed=True)

    def varint(self) -> int:
        """An unsigned number of seven bits a byte, least significant first; of five bytes at most."""
        value = 0
        for shift in range(0, 35, 7):
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise Cut

    def zero_ended(self) -> bytes:
        """The bytes up to the next zero, which is passed."""
        end = self.data.find(b"\0", self.pos)
        if end < 0:
            raise Cut
        start, self.pos = self.pos, end + 1
        return self.data[start:end]
