"""The plain elements of a BSON document of which the end may be missing."""

from __future__ import annotations

import struct

from causely_plugin_ebpf.protocols.reader import Cut, Reader

Value = str | int | float | None
"""None stands for what is not plain: documents, binary data, ids."""

_MAX_ELEMENTS = 64
_DOUBLE, _STRING, _BOOL, _INT, _LONG = 1, 2, 8, 16, 18
_SIZED = {3: -4, 4: -4, 5: 1, 13: 0, 14: 0, 15: -4}
"""Types that begin with a length, and how many bytes more or less than that follow it."""
_FIXED = {6: 0, 7: 12, 8: 1, 9: 8, 10: 0, 17: 8, 19: 16, 127: 0, 255: 0}


def elements(data: bytes, pos: int) -> list[tuple[str, Value]]:
    """The elements of the document at ``pos`` in their order, as far as they are there."""
    reader = Reader(data, pos + 4)
    found: list[tuple[str, Value]] = []
    try:
        while (kind := reader.byte()) and len(found) < _MAX_ELEMENTS:
            name = reader.zero_ended().decode("utf-8", "replace")
            found.append((name, _value(reader, kind)))
    except Cut:
        pass
    return found


def _value(reader: Reader, kind: int) -> Value:
    if kind == _STRING:
        return reader.take(reader.little(4))[:-1].decode("utf-8", "replace")
    if kind == _INT:
        return reader.little(4)
    if kind == _LONG:
        return reader.little(8)
    if kind == _DOUBLE:
        value: float = struct.unpack("<d", reader.take(8))[0]
        return value
    if kind == _BOOL:
        return reader.byte()
    if kind in _SIZED:
        reader.skip(reader.little(4) + _SIZED[kind])
        return None
    if kind not in _FIXED:
        raise Cut
    reader.skip(_FIXED[kind])
    return None
