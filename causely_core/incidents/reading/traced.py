"""What the traces of an incident add to its topology and metrics."""

from __future__ import annotations

from attrs import frozen

from causely_core.incidents.incident import Track
from causely_core.model import Entity, Relation


@frozen
class Traced:
    """What traces say.

    Attributes:
        entities: that the topology lacks, sorted by id.
        relations: calls, one a pair of entities, sorted.
        tracks: a value for each minute that had requests; sorted by entity and attribute.
    """

    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    tracks: tuple[Track, ...] = ()
