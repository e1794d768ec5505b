"""Content encodings, undone piece by piece so that a small body cannot become a large one."""

from __future__ import annotations

import zlib
from typing import Protocol

from causely_plugin_otlp.errors import BadPayload, TooLarge, UnknownType

_GZIP = 16 + zlib.MAX_WBITS
"""For zlib: expect a gzip header."""


class Decompressor(Protocol):
    """Turns a body's pieces into plain ones."""

    def feed(self, piece: bytes, limit: int) -> bytes:
        """The plain bytes of the next piece.

        Raises:
            BadPayload: the body is not of this encoding.
            TooLarge: they are more than ``limit``.
        """
        ...

    def end(self) -> None:
        """The body is complete.

        Raises:
            BadPayload: its end is missing.
        """
        ...


class Identity:
    """No encoding."""

    def feed(self, piece: bytes, limit: int) -> bytes:
        """The piece itself."""
        if len(piece) > limit:
            raise TooLarge("the body is too large")
        return piece

    def end(self) -> None:
        """Nothing can be missing."""


class Zlib:
    """Gzip, or deflate in its zlib wrapping."""

    def __init__(self, window: int) -> None:
        self._zlib = zlib.decompressobj(window)

    def feed(self, piece: bytes, limit: int) -> bytes:
        """See :class:`Decompressor`."""
        try:
            plain = self._zlib.decompress(piece, limit + 1)
        except zlib.error as problem:
            raise BadPayload(f"the body is not compressed as it says: {problem}") from problem
        if self._zlib.unused_data:
            # Also a second gzip member, which no SDK sends: to skip it would lose it in silence.
            raise BadPayload("bytes follow the end of the compressed body")
        if len(plain) > limit:
            raise TooLarge("the body is too large once decompressed")
        return plain

    def end(self) -> None:
        """See :class:`Decompressor`."""
        if not self._zlib.eof:
            raise BadPayload("the compressed body is cut off")


def decompressor_of(encoding: str) -> Decompressor:
    """What undoes a ``Content-Encoding``.

    Raises:
        UnknownType: nothing here does.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return Identity()
    if name in ("gzip", "x-gzip"):
        return Zlib(_GZIP)
    if name == "deflate":
        return Zlib(zlib.MAX_WBITS)
    raise UnknownType(f"Content-Encoding {encoding[:40]!r} is not known; expected gzip, deflate or identity")
