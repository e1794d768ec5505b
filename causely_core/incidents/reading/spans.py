"""Spans of any number as columns: about 50 bytes each, whatever they were read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from causely_core.incidents.reading.conventions import (
    SERVICE_NAME,
    SERVICE_NAMESPACE,
    Attributes,
    Peer,
    clean,
    failed,
    peer_of,
)

INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER = 1, 2, 3, 4, 5
"""``Span.SpanKind``; 0 is unspecified."""
_CHUNK = 65_536
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2^64 by the golden ratio: Knuth, TAOCP 3, 6.4
_SHIFT = np.uint64(29)


class RawSpan(NamedTuple):
    """What is read of one span: ids as bytes, empty for none; times in nanoseconds since the epoch, 0 for none.

    ``parent_trace`` is that of ``parent``; they are the first link's for consumers that have links.
    """

    trace: bytes
    id: bytes
    parent_trace: bytes
    parent: bytes
    kind: int
    start: int
    end: int
    error: bool
    attributes: Attributes


class ServiceName(NamedTuple):
    """What a resource calls its service; the namespace may be empty."""

    namespace: str
    name: str


@frozen(eq=False)
class Spans:
    """Columns of n spans, none of them twice.

    Attributes:
        ids, parents: (n,) uint64, fingerprints of trace and span id; 0 for none. Of a million spans, two have the
            same by chance once in 30 million times.
        services: (n,) int32, places in ``names``.
        kinds: (n,) int8, as in ``Span.SpanKind``.
        starts, ends: (n,) uint64 nanoseconds since the epoch; 0 for none.
        failed: (n,) booleans.
        peers: (n,) int32, places in ``known``; -1 for none.
        names: of services.
        known: the peers of client spans.
    """

    ids: NDArray[np.uint64]
    parents: NDArray[np.uint64]
    services: NDArray[np.int32]
    kinds: NDArray[np.int8]
    starts: NDArray[np.uint64]
    ends: NDArray[np.uint64]
    failed: NDArray[np.bool_]
    peers: NDArray[np.int32]
    names: tuple[ServiceName, ...]
    known: tuple[Peer, ...]


@define
class SpanTable:
    """Gathers spans."""

    _chunks: list[tuple[NDArray[Any], ...]] = field(factory=list, init=False)
    _names: dict[ServiceName, int] = field(factory=dict, init=False)
    _known: dict[Peer, int] = field(factory=dict, init=False)

    def add(self, resource: Mapping[str, str], spans: Iterable[RawSpan]) -> None:
        """Take the spans of one resource, of which only the service's name is read.

        Raises:
            OverflowError: a kind or time is not one.
        """
        namespace = next((resource[key] for key in SERVICE_NAMESPACE if resource.get(key)), "")
        name = ServiceName(clean(namespace), clean(resource.get(SERVICE_NAME) or "unknown_service"))
        service = self._names.setdefault(name, len(self._names))
        rest = iter(spans)
        while chunk := list(islice(rest, _CHUNK)):
            self._chunks.append(self._columns(service, chunk))

    def spans(self) -> Spans:
        """All that was taken."""
        columns = [np.concatenate(parts) for parts in zip(*self._chunks, self._columns(0, []), strict=True)]
        once = _once(*columns[:6])
        ids, parents, services, kinds, starts, ends, wrong, peers = (column[once] for column in columns)
        names, known = tuple(self._names), tuple(self._known)
        return Spans(ids, parents, services, kinds, starts, ends, wrong, peers, names, known)

    def _columns(self, service: int, chunk: list[RawSpan]) -> tuple[NDArray[Any], ...]:
        return (
            _fingerprints([span.trace for span in chunk], [span.id for span in chunk]),
            _fingerprints([span.parent_trace for span in chunk], [span.parent for span in chunk]),
            np.full(len(chunk), service, np.int32),
            np.array([span.kind for span in chunk], np.int8),
            np.array([span.start for span in chunk], np.uint64),
            np.array([span.end for span in chunk], np.uint64),
            np.array([failed(span.attributes, span.error, span.kind == CLIENT) for span in chunk], np.bool_),
            np.array([self._peer(span) for span in chunk], np.int32),
        )

    def _peer(self, span: RawSpan) -> int:
        peer = peer_of(span.attributes) if span.kind == CLIENT else None
        return -1 if peer is None else self._known.setdefault(peer, len(self._known))


def _fingerprints(traces: list[bytes], spans: list[bytes]) -> NDArray[np.uint64]:
    """One number for trace and span id; 0 where there is no span id."""
    halves = np.array(traces, "S16").view("<u8").reshape(-1, 2).astype(np.uint64)
    ids = np.array(spans, "S8").view("<u8").astype(np.uint64)
    mixed = (halves[:, 0] * _MIX ^ halves[:, 1]) * _MIX
    return np.where(ids == 0, np.uint64(0), np.maximum((mixed ^ (mixed >> _SHIFT)) + ids * _MIX, np.uint64(1)))


def _once(*columns: NDArray[Any]) -> NDArray[np.int64]:
    """Rows that differ from each other: an exporter that got no answer sends its spans again."""
    ids = columns[0]
    order = np.lexsort(columns[::-1])
    again = np.zeros(len(order), np.bool_)
    again[1:] = ids[order[1:]] != 0
    for column in columns:
        again[1:] &= column[order[1:]] == column[order[:-1]]
    return np.sort(order[~again])
