"""What one object tells of how entities are."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from attrs import frozen

from causely_core.model import EntityId, Series
from causely_plugin_kubernetes.conditions.versions import Version


@frozen
class Value:
    """A value, until the object tells another one.

    Attributes:
        series: whose it is, and what.
        value: in the attribute's unit.
        patience: seconds for which it must be so before it counts, for what is well if it does not last; until then
            0 is told.
        begun: since when it is so, in seconds since the epoch; none for when it was first told.
        mark: with another one it is another thing, and patience begins anew.
    """

    series: Series
    value: float
    patience: float = 0.0
    begun: float | None = None
    mark: Hashable = None


@frozen
class Happened:
    """What is counted for ten minutes.

    Attributes:
        series: whose it is, and what.
        latest: when it was so last, in seconds since the epoch; 0 for never.
        total: how often it was so since the object began; none where that is not told, so that each ``latest`` is one.
    """

    series: Series
    latest: float
    total: int | None = None


@frozen
class Placed:
    """That a pod got its node.

    Attributes:
        at: when, in seconds since the epoch.
        waited: seconds from its creation.
    """

    at: float
    waited: float


@frozen
class Told:
    """What an object tells.

    Attributes:
        key: of the object: namespace and name.
        values: that no other object tells.
        parts: of values that several objects tell together.
        happened: what is counted.
        placed: when it got its node; of a pod.
        version: of itself, for what changes when it is another one.
    """

    key: str
    values: tuple[Value, ...] = ()
    parts: tuple[Value, ...] = ()
    happened: tuple[Happened, ...] = ()
    placed: Placed | None = None
    version: Version | None = None


def values(id: EntityId, named: Iterable[tuple[str, float]]) -> Iterator[Value]:
    """Attributes of an entity that count at once."""
    return (Value(Series(id, attribute), float(value)) for attribute, value in named)
