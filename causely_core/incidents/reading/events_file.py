"""Reading events: what people and machines did to entities, as series that detectors judge."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from causely_core.incidents.incident import Span, Track
from causely_core.incidents.reading.json_value import JsonValue
from causely_core.incidents.reading.moment import moment
from causely_core.incidents.reading.problem import IncidentError
from causely_core.model import EntityId, Series

MINUTE = 60.0
"""Seconds between values."""
LASTING = 600.0
"""Seconds for which an event shows, as docs/attributes.md says of ``change`` and ``restart_count``."""
_LONGEST = 7 * 86_400.0
"""Seconds at the end of a baseline or window that get values; a baseline of years says no more."""
_SHOWN = {"restart": "restart_count", "scale": None}
"""Kind to what shows it. All others are changes; scaling follows load far more often than it does harm."""


@frozen
class _Event:
    """What happened to an entity, in seconds since the epoch."""

    time: float
    entity: EntityId
    kind: str


def read_events(path: Path, known: Collection[EntityId], spans: Iterable[Span]) -> tuple[Track, ...]:
    """One track for each entity and attribute that events show in, with a value a minute over ``spans``.

    Raises:
        IncidentError: the file is wrong, or an event's entity is not one of ``known``.
    """
    shown: dict[Series, list[float]] = {}
    for event in (_event(item, known) for item in _items(path)):
        attribute = _SHOWN.get(event.kind, "change")
        if attribute:
            shown.setdefault(Series(event.entity, attribute), []).append(event.time)
    minutes = np.unique(np.concatenate([_minutes(span) for span in spans]))
    return tuple(Track(series, minutes, _values(series, shown[series], minutes)) for series in shown)


def _items(path: Path) -> Iterator[JsonValue]:
    """The items of a list, or one a line."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as problem:
        raise IncidentError(f"{path}: cannot be read: {problem.strerror}") from problem
    except UnicodeDecodeError as problem:
        raise IncidentError(f"{path}: expected text in UTF-8: {problem}") from problem
    if text.lstrip().startswith("["):
        yield from JsonValue.parsed(text, str(path)).items()
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield JsonValue.parsed(line, f"{path}:{number}")


def _event(item: JsonValue, known: Collection[EntityId]) -> _Event:
    entity = item.need("entity")
    if EntityId(entity.text()) not in known:
        raise entity.wrong("the id of an entity")
    return _Event(_time(item.need("time")), EntityId(entity.text()), item.need("kind").text().lower())


def _time(item: JsonValue) -> float:
    if not isinstance(item.value, str):
        return item.number()
    try:
        return JsonValue(moment(item.value), item.where).number()
    except (ValueError, OverflowError) as problem:
        raise item.wrong("seconds since the epoch or RFC 3339") from problem


def _minutes(span: Span) -> NDArray[np.float64]:
    start = max(span.start, span.end - _LONGEST)
    return np.arange(np.ceil(start / MINUTE), np.floor(span.end / MINUTE) + 1.0) * MINUTE


def _values(series: Series, events: list[float], minutes: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many events show in each minute, from the minute of the event on; of changes, whether any does."""
    times = np.sort(events)
    begun = np.searchsorted(np.floor(times / MINUTE) * MINUTE, minutes, side="right")
    over = np.searchsorted(times + LASTING, minutes, side="right")
    count = (begun - over).astype(np.float64)
    return np.minimum(count, 1.0) if series.attribute == "change" else count
