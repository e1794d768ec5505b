"""Splitting deltas that are too long for one message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from attrs import evolve

from causely_core.model import SymptomDelta, TopologyDelta

T = TypeVar("T")

STRIDE = 10_000
"""Versions that one delta of a source may take up when it is split."""

_FIELDS = ("deleted_entities", "deleted_relations", "entities", "relations")
# Deletes first: a delta that deletes and upserts the same thing leaves it there.


def split_topology(delta: TopologyDelta, limit: int) -> Iterator[TopologyDelta]:
    """Parts of at most ``limit`` items, of which only the first can be a snapshot.

    A repeated version is ignored by whoever applies a delta, so the parts are numbered from
    ``delta.version * STRIDE`` on, whether there are several or one: versions of a source keep growing.
    """
    items = [(name, item) for name in _FIELDS for item in getattr(delta, name)]
    bare = TopologyDelta(delta.source, delta.version * STRIDE, snapshot=delta.snapshot)
    for number, part in enumerate(_parts(items, limit)):
        fields: dict[str, Any] = {name: tuple(item for kind, item in part if kind == name) for name in _FIELDS}
        yield evolve(bare, version=bare.version + number, snapshot=bare.snapshot and number == 0, **fields)


def split_symptoms(delta: SymptomDelta, limit: int) -> Iterator[SymptomDelta]:
    """Parts of at most ``limit`` manifestations, of which only the first can be a snapshot."""
    for number, part in enumerate(_parts(delta.manifestations, limit)):
        yield SymptomDelta(delta.source, tuple(part), delta.snapshot and number == 0)


def _parts(items: Sequence[T], limit: int) -> Iterator[list[T]]:
    """Consecutive parts; one empty part when there is nothing."""
    iterator = iter(items)
    yield list(islice(iterator, limit))
    while part := list(islice(iterator, limit)):
        yield part
