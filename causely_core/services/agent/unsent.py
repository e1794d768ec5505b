"""What happened while the mediator was away, for the snapshot that it asks for when it is back."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import suppress

from google.protobuf.message import DecodeError

from causely_core.model import SymptomDelta
from causely_core.wire.convert.symptom import symptom_delta_from_pb
from causely_core.wire.errors import WireError
from causely_core.wire.pb import symptom_pb2, update_pb2
from causely_core.wire.spool import Spool

BATCH = 256
"""Updates read from the spool at once."""


def unsent_symptoms(spool: Spool, source: str, max_bytes: int) -> tuple[SymptomDelta, ...]:
    """The symptom deltas of ``source`` in ``spool``, oldest first; the newest ``max_bytes`` (serialized) of them.

    A snapshot takes the place of all that is spooled. Without these, a symptom that began and cleared meanwhile
    would never be told, and one that a former process of this agent saw would be forgotten.
    """
    kept: deque[symptom_pb2.SymptomDelta] = deque()
    size = 0
    for message in (found for found in _spooled(spool) if found.source == source):
        kept.append(message)
        size += message.ByteSize()
        while size > max_bytes:
            size -= kept.popleft().ByteSize()
    return tuple(_readable(kept))


def _spooled(spool: Spool) -> Iterator[symptom_pb2.SymptomDelta]:
    first = 0
    while batch := spool.read_from(first, BATCH):
        first = batch[-1].sequence + 1
        for _, payload in batch:
            yield from _symptoms(payload)


def _symptoms(payload: bytes) -> Iterator[symptom_pb2.SymptomDelta]:
    with suppress(DecodeError):
        update = update_pb2.Update.FromString(payload)
        if update.HasField("symptoms"):
            yield update.symptoms
        yield from update.snapshot.symptoms


def _readable(messages: deque[symptom_pb2.SymptomDelta]) -> Iterator[SymptomDelta]:
    """Those that this version understands: the spool may have been filled by another."""
    for message in messages:
        with suppress(WireError):
            yield symptom_delta_from_pb(message)
