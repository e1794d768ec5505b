"""Small files in which kernels tell numbers."""

from __future__ import annotations

from causely_core.host import read

_UNLIMITED = float(1 << 62)
"""Kernels write a limit that is none as the greatest number of pages."""


def number(path: str) -> float | None:
    """A file that holds one number, or several of which the first counts; none when it does not."""
    words = read(path).split(None, 1)
    return float(words[0]) if words and words[0].isdigit() else None


def limit(path: str) -> float | None:
    """A file that holds a limit; none where there is no limit (``max``) or no file."""
    value = number(path)
    return value if value is not None and value < _UNLIMITED else None


def table(path: str) -> dict[str, float]:
    """A file of lines such as ``nr_periods 12``; empty when there is none."""
    lines = (line.split() for line in read(path).decode(errors="replace").splitlines())
    return {words[0]: float(words[1]) for words in lines if len(words) == 2 and words[1].isdecimal()}


def stalled(path: str) -> float | None:
    """Seconds in which something waited, since the begin, of a file of Linux PSI; none where the kernel has none."""
    for line in read(path).decode(errors="replace").splitlines():
        words = line.split()
        if words[:1] == ["some"]:
            totals = (word.partition("=")[2] for word in words if word.startswith("total="))
            return next((int(total) / 1e6 for total in totals if total.isdecimal()), None)
    return None
