"""Showing rows: a table for people, JSON or YAML for programs; plain when not on a terminal."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
import yaml

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def console() -> Console:
    """A console that is plain, and wide enough not to cut, when its output is not a terminal."""
    from rich.console import Console  # programs that ask for JSON need not wait for what tables need

    found = Console(highlight=False, emoji=False)
    return found if found.is_terminal else Console(highlight=False, emoji=False, width=200)


def show(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], output: str) -> None:
    """Print ``rows``.

    Args:
        rows: JSON-ready mappings.
        columns: heading to the row's key, for tables.
        output: ``table``, ``json`` or ``yaml``; the latter two print whole rows.
    """
    if output == "table":
        console().print(_table(rows, columns))
    else:
        dump(list(rows), output)


def dump(value: Any, output: str) -> None:
    """Print one value as JSON or YAML."""
    text = json.dumps(value, indent=2) if output == "json" else yaml.safe_dump(value, sort_keys=False)
    click.echo(text.rstrip())


def cell(key: str, value: Any) -> str:
    """A value as a table shows it: times as clock time, probabilities in percent, lists by their length."""
    if value is None:
        return "-"
    if key in ("onset", "diagnosed_at", "cleared_at", "updated_at", "time"):
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(value))
    if key in ("probability", "severity"):
        return f"{value:.0%}"
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, dict):
        return " ".join(f"{name}:{count}" for name, count in value.items()) or "-"
    if isinstance(value, list):
        return str(len(value))
    return str(value)


def _table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in columns:
        table.add_column(heading.upper())
    for row in rows:
        table.add_row(*(Text(cell(key, row.get(key))) for key in columns.values()))
    return table
