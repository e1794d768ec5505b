"""Reading files of traces: OTLP in protobuf or JSON, plain or gzip."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from causely_core.incidents.reading.otlp import Batch
from causely_core.incidents.reading.otlp_json import read_json
from causely_core.incidents.reading.otlp_protobuf import read_protobuf
from causely_core.incidents.reading.problem import IncidentError
from causely_core.incidents.reading.spans import Spans, SpanTable

_READERS: Mapping[str, Callable[[BinaryIO, str], Iterator[Batch]]] = {
    ".pb": read_protobuf,
    ".binpb": read_protobuf,
    ".json": read_json,
    ".jsonl": read_json,
}


def read_spans(paths: Iterable[Path]) -> Spans:
    """The spans of all files, which are read one message at a time.

    Raises:
        IncidentError: a file cannot be read or is no OTLP.
    """
    table = SpanTable()
    for path in paths:
        reader = _reader(path)
        with _opened(path) as file:
            for resource, spans in reader(file, str(path)):
                table.add(resource, spans)
    return table.spans()


def _reader(path: Path) -> Callable[[BinaryIO, str], Iterator[Batch]]:
    plain = path.with_suffix("") if path.suffix == ".gz" else path
    if plain.suffix not in _READERS:
        raise IncidentError(f"{path}: expected a name that ends in {', '.join(_READERS)}, with or without .gz")
    return _READERS[plain.suffix]


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            packed = file.peek(2)[:2] == b"\x1f\x8b"
            yield cast(BinaryIO, gzip.GzipFile(fileobj=file)) if packed else file
    except (OSError, EOFError, zlib.error) as problem:
        raise IncidentError(f"{path}: cannot be read: {getattr(problem, 'strerror', None) or problem}") from problem
