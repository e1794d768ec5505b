"""The four columns of a metrics file: timestamp, entity, attribute, value."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from causely_core.incidents.reading.csv_text import csv_columns
from causely_core.incidents.reading.header import FIRST_ROW, NAMES, places
from causely_core.incidents.reading.moment import moment
from causely_core.incidents.reading.names import Names
from causely_core.incidents.reading.problem import IncidentError


@frozen(eq=False)
class Columns:
    """Rows of a metrics file; a value that is missing or not finite is a gap and left out.

    Attributes:
        times: seconds since the epoch.
        entities, attributes: as written.
        values: in the attribute's unit.
    """

    times: NDArray[np.float64]
    entities: Names[str]
    attributes: Names[str]
    values: NDArray[np.float64]


def read_columns(path: Path) -> Columns:
    """The rows of a CSV file, plain or gzip, or a Parquet file (needs pyarrow).

    Raises:
        IncidentError: the file cannot be read, a column is missing, or a timestamp or value is no number.
    """
    try:
        return joined(_read(_parquet(path) if path.suffix == ".parquet" else csv_columns(_text(path), path), path))
    except (OSError, EOFError) as problem:
        raise IncidentError(f"{path}: cannot be read: {getattr(problem, 'strerror', None) or problem}") from problem
    except UnicodeDecodeError as problem:
        raise IncidentError(f"{path}: expected text in UTF-8: {problem}") from problem
    except csv.Error as problem:
        raise IncidentError(f"{path}: not CSV: {problem}") from problem


def joined(parts: Iterable[Columns]) -> Columns:
    """All rows, in the order given."""
    rows = list(parts)
    return Columns(
        np.concatenate([np.empty(0), *(part.times for part in rows)]),
        Names.joined([part.entities for part in rows]),
        Names.joined([part.attributes for part in rows]),
        np.concatenate([np.empty(0), *(part.values for part in rows)]),
    )


def _text(path: Path) -> str:
    raw = path.read_bytes()
    return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()


def _parquet(path: Path) -> Iterator[Sequence[Sequence[Any]]]:
    try:
        from pyarrow import ArrowException, parquet  # an extra that most do not need
    except ImportError as problem:
        raise IncidentError(f"{path}: reading Parquet needs pyarrow: pip install 'causely-core[parquet]'") from problem
    try:
        table = parquet.read_table(path)
    except ArrowException as problem:
        raise IncidentError(f"{path}: not Parquet: {' '.join(str(problem).split())}") from problem
    places(table.column_names, path)
    yield [table.column(name).to_pylist() for name in NAMES]


def _read(pieces: Iterable[Sequence[Sequence[Any]]], path: Path) -> Iterator[Columns]:
    row = FIRST_ROW
    for times, entities, attributes, values in pieces:
        yield Columns(_times(times, row, path), Names.of(entities), Names.of(attributes), _values(values, row, path))
        row += len(times)


def _times(column: Sequence[Any], first: int, path: Path) -> NDArray[np.float64]:
    told = Names.of(column)  # all series of a moment have the same one
    try:
        known = np.array(told.known, dtype=np.float64)
    except (TypeError, ValueError):
        rows = np.unique(told.places, return_index=True)[1]
        known = np.array([_time(each, first + row, path) for each, row in zip(told.known, rows, strict=True)])
    return known[told.places]


def _time(written: Any, row: int, path: Path) -> float:
    try:
        return written.timestamp() if isinstance(written, datetime) else moment(str(written))
    except ValueError as problem:
        expected = "seconds since the epoch or RFC 3339"
        raise IncidentError(f"{path}:{row}: timestamp: expected {expected}, got {written!r}") from problem


def _values(column: Sequence[Any], first: int, path: Path) -> NDArray[np.float64]:
    try:
        return np.fromiter(map(float, column), np.float64, len(column))
    except (TypeError, ValueError):
        return np.array([_value(each, row, path) for row, each in enumerate(column, first)], np.float64)


def _value(written: Any, row: int, path: Path) -> float:
    try:
        return float(written) if written not in (None, "") else np.nan
    except (TypeError, ValueError) as problem:
        raise IncidentError(f"{path}:{row}: value: expected a number, got {written!r}") from problem
