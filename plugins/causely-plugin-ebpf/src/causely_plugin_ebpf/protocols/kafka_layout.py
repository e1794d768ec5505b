"""Where the versions of Kafka's Produce and Fetch tell the topic and the error."""

from __future__ import annotations

import re

from causely_core.traffic.naming import template
from causely_plugin_ebpf.protocols.reader import Cut, Reader

PRODUCE, FETCH = 0, 1
_FLEXIBLE = {PRODUCE: 9, FETCH: 12}
"""From these versions on, lengths are varints and tagged fields follow."""
_BY_ID = 13
"""From this version on, both tell topics by an id instead of a name."""
_MAX_TOPIC = 249
_TOPIC = re.compile(rb"[A-Za-z0-9._-]{1,249}")


def is_flexible(key: int, version: int) -> bool:
    """Whether a version of Produce or Fetch uses varints and tagged fields."""
    return version >= _FLEXIBLE[key]


def produced(reader: Reader, version: int) -> tuple[str, bool]:
    """The topic of a Produce request, if it names just one, and whether it wants an answer."""
    flexible = is_flexible(PRODUCE, version)
    if version >= 3:
        reader.skip(max(reader.varint() - 1, 0) if flexible else max(reader.signed(2), 0))
    answered = reader.signed(2) != 0
    reader.skip(4)
    try:
        return _only_topic(reader, PRODUCE, version), answered
    except Cut:
        return "", answered


def fetched(reader: Reader, version: int, before: str) -> str:
    """The topic of a Fetch request, if it names just one; that of ``before`` when the session goes on with it."""
    reader.skip(8 if version >= 15 else 12)
    reader.skip(4 * (version >= 3) + (version >= 4))
    epoch = -1
    if version >= 7:
        reader.skip(4)
        epoch = reader.signed(4)
    topic = _only_topic(reader, FETCH, version)
    return topic or (before if epoch > 0 else "")


def error_of(head: bytes, key: int, version: int) -> int:
    """The first error code in the response to a Produce or Fetch; 0 when none is seen."""
    reader = Reader(head, 8)
    try:
        if key == PRODUCE:
            return _first_partition(reader, key, version)
        if key == FETCH:
            return _fetch_error(reader, version)
    except Cut:
        pass
    return 0


def _fetch_error(reader: Reader, version: int) -> int:
    if is_flexible(FETCH, version):
        reader.varint()
    reader.skip(4 * (version >= 1))
    if version >= 7:
        error = reader.signed(2)
        if error:
            return error
        reader.skip(4)
    return _partition_error(reader, FETCH, version)


def _first_partition(reader: Reader, key: int, version: int) -> int:
    if is_flexible(key, version):
        reader.varint()
    return _partition_error(reader, key, version)


def _partition_error(reader: Reader, key: int, version: int) -> int:
    flexible = is_flexible(key, version)
    if _count(reader, flexible) < 1:
        return 0
    if version >= _BY_ID:
        reader.skip(16)
    else:
        reader.skip(_string_length(reader, flexible))
    if _count(reader, flexible) < 1:
        return 0
    reader.skip(4)
    return reader.signed(2)


def _only_topic(reader: Reader, key: int, version: int) -> str:
    flexible = is_flexible(key, version)
    if _count(reader, flexible) != 1 or version >= _BY_ID:
        return ""
    name = reader.take(_string_length(reader, flexible))
    topic = name.decode("ascii", "replace")
    return topic if _TOPIC.fullmatch(name) and template(topic) == topic else ""


def _count(reader: Reader, flexible: bool) -> int:
    return reader.varint() - 1 if flexible else reader.signed(4)


def _string_length(reader: Reader, flexible: bool) -> int:
    length = reader.varint() - 1 if flexible else reader.signed(2)
    if not 0 <= length <= _MAX_TOPIC:
        raise Cut
    return length
