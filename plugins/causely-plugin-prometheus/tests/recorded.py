"""Exporters that were recorded (recordings/), and that go on as they did between the two recordings."""

import re
from pathlib import Path

RECORDINGS = Path(__file__).parent / "recordings"
SECONDS = 30
"""Between the two recordings of an exporter."""
SAMPLE = re.compile(r"(?P<series>(?P<name>[\w:]+)(\{.*\})?) (?P<value>\S+)")


class Recorded:
    """What one exporter has written, and what it would write later."""

    def __init__(self, name):
        self._first, _ = _read(name, 0)
        self._last, self._gauges = _read(name, SECONDS)

    def after(self, seconds):
        """The text, some seconds after the last recording."""
        return "".join(f"{series} {value + self._rate(series) * seconds}\n" for series, value in self._last.items())

    def value(self, name, *labels):
        """Sum of the last values of the series of this name that have these labels, written as the exporter does."""
        return sum(self._last[series] for series in self.series(name, *labels))

    def rate(self, name, *labels):
        """By how much they grow in a second."""
        return sum(self._rate(series) for series in self.series(name, *labels))

    def series(self, name, *labels):
        """They."""
        named = (series for series in self._last if series.partition("{")[0] == name)
        found = [series for series in named if all(label in series for label in labels)]
        assert found, f"there is no {name} with {labels}"
        return found

    def _rate(self, series):
        """Of a counter, or of what its exporter gives no type; what has only then begun to be told stands still."""
        grows = series.partition("{")[0] not in self._gauges
        return (self._last[series] - self._first.get(series, self._last[series])) / SECONDS if grows else 0.0


def label(series, name):
    """The value of a label of a series."""
    return re.search(rf'[{{,]{name}="([^"]*)"', series)[1]


def names():
    """Of the exporters that were recorded."""
    return {path.name.split(".")[0] for path in RECORDINGS.glob("*.0.txt")}


def _read(name, second):
    """Series with their values, and the names of gauges."""
    values, gauges = {}, set()
    for line in (RECORDINGS / f"{name}.{second}.txt").read_text().splitlines():
        if line.startswith("# TYPE "):
            gauges |= {line.split()[2]} if line.endswith(" gauge") else set()
        else:
            found = SAMPLE.fullmatch(line)
            values[found["series"]] = float(found["value"])
    return values, gauges
