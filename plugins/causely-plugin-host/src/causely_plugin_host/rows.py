"""Values of an entity as rows of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from causely_core.model import EntityId, Series
from causely_plugin_host.machine_values import Value

Row = tuple[Series, float]


def rows(id: EntityId, values: Iterable[Value]) -> Iterator[Row]:
    """A row for each value that is known."""
    return ((Series(id, attribute), value) for attribute, value in values if value is not None)
