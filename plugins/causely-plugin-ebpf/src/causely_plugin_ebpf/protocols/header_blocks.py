"""HPACK header blocks of a connection that may be seen from the middle, and with holes.

Entries of the dynamic table are counted from the newest. So what has been added before the first block that was seen
is not known, but whatever is added later is, as long as no block is missed.
"""

from __future__ import annotations

import logging

from hpack import Decoder, HPACKError
from hpack.exceptions import InvalidTableIndexError
from hpack.hpack import decode_integer
from hpack.table import HeaderTable

UNKNOWN = b""
"""The name and value of an entry that was added before anything was seen."""

_MAX_KEPT = 64
_MAX_TABLE = 1 << 16
_MAX_UNKNOWN = 1 << 12

logging.getLogger("hpack").setLevel(logging.INFO)  # at DEBUG it tells the headers themselves

Headers = dict[bytes, bytes]


class _Table(HeaderTable):
    """A table of which the older part is not known."""

    def get_by_index(self, index: int) -> tuple[bytes, bytes]:
        """The entry; one of the unknown part has neither name nor value."""
        try:
            return super().get_by_index(index)
        except InvalidTableIndexError:
            if 0 < index <= _MAX_UNKNOWN:
                return UNKNOWN, UNKNOWN
            raise


class HeaderBlocks:
    """The header blocks of one direction of a connection."""

    __slots__ = ("_decoder", "_kept")

    def __init__(self) -> None:
        self._decoder = _decoder()
        self._kept: dict[bytes, Headers] = {}

    def read(self, block: bytes, whole: bool) -> Headers:
        """The headers of a block, as far as they are known; of a name that comes twice, the first.

        A block that is not ``whole`` leaves open what it adds to the table.
        """
        known = self._kept.get(block) if whole else None
        return self._decode(block, whole) if known is None else known

    def forget(self) -> None:
        """Blocks were missed, or understood wrong: what they have added to the table is not known."""
        self._decoder = _decoder()
        self._kept.clear()

    def _decode(self, block: bytes, whole: bool) -> Headers:
        table = self._decoder.header_table.dynamic_entries
        newest = table[0] if table else None
        try:
            fields = self._decoder.decode(block if whole else block[: _whole_fields(block)], raw=True)
        except (HPACKError, IndexError, ValueError):
            self.forget()
            return {}
        headers: Headers = {}
        for name, value in fields:
            headers.setdefault(bytes(name), bytes(value))
        if not whole:
            self.forget()
            return headers
        table = self._decoder.header_table.dynamic_entries
        if newest is not (table[0] if table else None) or len(self._kept) >= _MAX_KEPT:
            self._kept.clear()
        else:
            self._kept[block] = headers
        return headers


def _decoder() -> Decoder:
    decoder = Decoder()
    decoder.max_allowed_table_size = _MAX_TABLE
    decoder.header_table = _Table()
    return decoder


def _whole_fields(block: bytes) -> int:
    """Where the last field ends that is there as a whole."""
    pos = end = 0
    try:
        while pos < len(block):
            pos = _field_end(block, pos)
            if pos <= len(block):
                end = pos
    except HPACKError:
        pass
    return end


def _field_end(block: bytes, pos: int) -> int:
    first = block[pos]
    bits = 7 if first & 0x80 else 6 if first & 0x40 else 5 if first & 0x20 else 4
    index, used = decode_integer(block[pos:], bits)
    pos += used
    if first & 0x80 or first & 0x60 == 0x20:
        return pos
    for _ in range(1 if index else 2):
        length, used = decode_integer(block[pos:], 7)
        pos += used + length
    return pos
