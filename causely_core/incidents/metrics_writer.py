"""Metrics of an incident as gzipped CSV, one series after the other."""

from __future__ import annotations

import gzip
import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from causely_core.incidents.incident import Track

COLUMNS = ("timestamp", "entity", "attribute", "value")
_LEVEL = 6
_NEEDS_QUOTES = re.compile(r'[,"\r\n]|^\s|\s$|^$')


class MetricsWriter:
    """Appends tracks to a file that :func:`open_metrics` has opened."""

    def __init__(self, file: gzip.GzipFile) -> None:
        """Begin ``file`` with the heading."""
        self._file = file
        self._append([",".join(COLUMNS)])

    def write(self, track: Track) -> None:
        """Append the samples of one series; numbers are as short as exact."""
        series = f"{_cell(track.series.entity)},{_cell(track.series.attribute)}"
        samples = zip(track.times.tolist(), track.values.tolist(), strict=True)
        self._append([f"{_number(time)},{series},{_number(value)}" for time, value in samples])

    def _append(self, lines: list[str]) -> None:
        self._file.write("".join(f"{line}\n" for line in lines).encode())


@contextmanager
def open_metrics(path: Path) -> Generator[MetricsWriter]:
    """A new ``.csv.gz`` file whose bytes depend on what is written only, not on its name or the hour."""
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=raw, mtime=0) as file,
    ):
        yield MetricsWriter(file)


def _number(value: float) -> str:
    return repr(value).removesuffix(".0")


def _cell(text: str) -> str:
    """A text as RFC 4180 quotes it; blanks at its ends are quoted too, since some readers strip them."""
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text
