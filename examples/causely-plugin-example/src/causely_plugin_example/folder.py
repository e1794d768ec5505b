"""A folder as an entity, and what can be measured of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from causely_core.model import Entity, EntityType, Series

BACKLOG = "backlog"
"""Files that wait; an attribute that causely knows (docs/attributes.md), so its own detectors judge it too."""

OLDEST = "example.oldest_file_age"
"""Seconds that the oldest file has waited; an attribute of this plugin's own, which its own detector judges."""


def entity(folder: Path) -> Entity:
    """The folder as a queue."""
    return Entity.of(EntityType.QUEUE, f"folder:{folder}", folder.name)


def measure(folder: Path, now: float) -> Iterator[tuple[Series, float]]:
    """What there is to know of a folder at ``now``, seconds since the epoch.

    Raises:
        OSError: the folder cannot be read.
    """
    times = [found.stat().st_mtime for found in folder.iterdir() if found.is_file()]
    yield Series(entity(folder).id, BACKLOG), float(len(times))
    yield Series(entity(folder).id, OLDEST), now - min(times, default=now)
