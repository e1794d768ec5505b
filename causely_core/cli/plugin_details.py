"""A plugin with its units, a line each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def detailed(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The plugin with the sums over its units, then each unit; ``row`` is as :func:`~...admin.describe` tells it."""
    units = row["units"]
    sums = {key: sum(unit.get(key, 0) for unit in units) for key in ("items", "failures", "seconds")}
    errors = [unit["error"] for unit in units if unit.get("error")]
    yield {**row, **sums, "cpu": _cpu(sums), "last_error": row["error"] or next(iter(errors), "")}
    for unit in units:
        name = unit["name"].partition("/")[2]
        yield {**unit, "name": f"  {name}", "version": "", "component": "", "hook_names": unit["kind"]} | {
            "cpu": _cpu(unit),
            "last_error": unit.get("error", ""),
        }


def _cpu(told: Mapping[str, Any]) -> str:
    return f"{told.get('seconds', 0.0):.2f} s"
