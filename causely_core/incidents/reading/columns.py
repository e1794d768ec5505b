"""The four columns of a metrics file: timestamp, entity, attribute, value."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from causely_core.incidents.reading.moment import moment
from causely_core.incidents.reading.problem import IncidentError

NAMES = ("timestamp", "entity", "attribute", "value")


@frozen(eq=False)
class Columns:
    """Rows of a metrics file; a value that is missing or not finite is a gap and left out.

    Attributes:
        times: seconds since the epoch.
        entities, attributes: as written.
        values: in the attribute's unit.
    """

    times: NDArray[np.float64]
    entities: Sequence[str]
    attributes: Sequence[str]
    values: NDArray[np.float64]


def read_columns(path: Path) -> Columns:
    """The rows of a CSV file, plain or gzip, or a Parquet file (needs pyarrow).

    Raises:
        IncidentError: the file cannot be read, a column is missing, or a timestamp or value is no number.
    """
    try:
        times, entities, attributes, values = _parquet(path) if path.suffix == ".parquet" else _csv(path)
    except (OSError, EOFError) as problem:
        raise IncidentError(f"{path}: cannot be read: {getattr(problem, 'strerror', None) or problem}") from problem
    except UnicodeDecodeError as problem:
        raise IncidentError(f"{path}: expected text in UTF-8: {problem}") from problem
    except csv.Error as problem:
        raise IncidentError(f"{path}: not CSV: {problem}") from problem
    return Columns(_times(times, path), entities, attributes, _values(values, path))


def _csv(path: Path) -> list[Sequence[str]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()
    header, columns = _even(text) or _any(text, path)
    return [columns[place] for place in _places(header, path)]


def _even(text: str) -> tuple[list[str], list[Sequence[str]]] | None:
    """Header and columns where nothing is quoted and all lines are as long: three times as fast as :mod:`csv`."""
    header, _, body = text.removesuffix("\n").partition("\n")
    names = header.split(",")
    if not body or '"' in text or "\r" in text:
        return None
    fields = f"\n{body}".replace("\n", ",\n").split(",")[1:]
    firsts = fields[:: len(names)]
    even = len(fields) == len(names) * (1 + body.count("\n"))
    if not even or not all(map(str.startswith, firsts, repeat("\n"))):
        return None
    return names, [[field[1:] for field in firsts], *(fields[place :: len(names)] for place in range(1, len(names)))]


def _any(text: str, path: Path) -> tuple[list[str], list[Sequence[str]]]:
    """Header and columns of any CSV; longer lines than the header are cut."""
    rows = csv.reader(io.StringIO(text, newline=""))
    header = next(rows, [])
    kept = [row for row in rows if row]
    needed = max(_places(header, path)) + 1
    if min(map(len, kept), default=needed) < needed:
        short = next(number for number, row in enumerate(kept, start=2) if len(row) < needed)
        raise IncidentError(f"{path}:{short}: expected the columns {', '.join(NAMES)}, got {kept[short - 2]}")
    return header, list(zip(*kept, strict=False)) or [()] * needed


def _parquet(path: Path) -> list[Sequence[Any]]:
    try:
        from pyarrow import ArrowException, parquet  # an extra that most do not need
    except ImportError as problem:
        raise IncidentError(f"{path}: reading Parquet needs pyarrow: pip install 'causely-core[parquet]'") from problem
    try:
        table = parquet.read_table(path)
    except ArrowException as problem:
        raise IncidentError(f"{path}: not Parquet: {' '.join(str(problem).split())}") from problem
    _places(table.column_names, path)
    return [table.column(name).to_pylist() for name in NAMES]


def _places(header: Sequence[str], path: Path) -> list[int]:
    missing = [name for name in NAMES if name not in header]
    if missing:
        found = ", ".join(header) or "nothing"
        raise IncidentError(f"{path}: the column {missing[0]!r} is missing; expected {', '.join(NAMES)}, got {found}")
    return [header.index(name) for name in NAMES]


def _times(column: Sequence[Any], path: Path) -> NDArray[np.float64]:
    try:
        return np.array(column, dtype=np.float64)
    except (TypeError, ValueError):
        return np.fromiter((_time(each, row, path) for row, each in enumerate(column, start=2)), np.float64)


def _time(written: Any, row: int, path: Path) -> float:
    try:
        return written.timestamp() if isinstance(written, datetime) else moment(str(written))
    except ValueError as problem:
        expected = "seconds since the epoch or RFC 3339"
        raise IncidentError(f"{path}:{row}: timestamp: expected {expected}, got {written!r}") from problem


def _values(column: Sequence[Any], path: Path) -> NDArray[np.float64]:
    try:
        return np.array(column, dtype=np.float64)
    except (TypeError, ValueError):
        return np.fromiter((_value(each, row, path) for row, each in enumerate(column, start=2)), np.float64)


def _value(written: Any, row: int, path: Path) -> float:
    try:
        return float(written) if written not in (None, "") else np.nan
    except (TypeError, ValueError) as problem:
        raise IncidentError(f"{path}:{row}: value: expected a number, got {written!r}") from problem


def joined(parts: Iterable[Columns]) -> Columns:
    """All rows, in the order given."""
    rows = list(parts)
    return Columns(
        np.concatenate([part.times for part in rows] or [np.empty(0)]),
        [entity for part in rows for entity in part.entities],
        [attribute for part in rows for attribute in part.attributes],
        np.concatenate([part.values for part in rows] or [np.empty(0)]),
    )
