"""Durations as people write them: 90s, 30m, 2h, 7d."""

from __future__ import annotations

import re

import click

_UNITS = {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
_FORM = re.compile(r"(\d+(?:\.\d+)?)([smhd])", re.ASCII)
_LONGEST = 366 * 86_400.0


def duration(text: str) -> float:
    """Seconds of a number with a unit; the ``type`` of a click option.

    Raises:
        click.BadParameter: the text is written otherwise, below a second or above a year.
    """
    written = _FORM.fullmatch(text.strip())
    seconds = float(written[1]) * _UNITS[written[2]] if written else 0.0
    if not 1.0 <= seconds <= _LONGEST:
        raise click.BadParameter(f"{text!r} is no duration from 1s to 366d; expected one like 90s, 30m, 2h or 7d")
    return seconds
