"""The header of a metrics file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from causely_core.incidents.reading.problem import IncidentError

NAMES = ("timestamp", "entity", "attribute", "value")
FIRST_ROW = 2
"""The number of the row below it."""


def places(header: Sequence[str], path: Path) -> list[int]:
    """Where each of :data:`NAMES` is in ``header``.

    Raises:
        IncidentError: one is not there.
    """
    missing = [name for name in NAMES if name not in header]
    if missing:
        found = ", ".join(header) or "nothing"
        raise IncidentError(f"{path}: the column {missing[0]!r} is missing; expected {', '.join(NAMES)}, got {found}")
    return [header.index(name) for name in NAMES]
