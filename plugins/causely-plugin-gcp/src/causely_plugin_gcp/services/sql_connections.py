"""How many connections an instance of Cloud SQL allows. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

_CUSTOM = re.compile(r"db-custom-\d+-(\d+)")
_OPTIMIZED = re.compile(r"db-perf-optimized-N-(\d+)")
_MYSQL = {"db-f1-micro": 250.0, "db-g1-small": 1000.0}
_MYSQL_ELSE = 4000.0
_POSTGRES = {"db-f1-micro": 25.0, "db-g1-small": 50.0}
_GIB, _CONNECTIONS = (6.0, 7.5, 15.0, 30.0, 60.0, 120.0), (100.0, 200.0, 400.0, 500.0, 600.0, 800.0, 1000.0)
"""From so much memory on PostgreSQL allows what is one further."""


def most_connections(data: Mapping[str, Any]) -> float:
    """The flag ``max_connections``, or what Google sets for the size of the machine; zero where that is not known."""
    settings = data.get("settings") or {}
    flags = {each.get("name"): each.get("value") for each in settings.get("databaseFlags") or ()}
    if flags.get("max_connections"):
        return float(flags["max_connections"])
    tier, system = str(settings.get("tier") or ""), str(data.get("databaseVersion") or "")
    if system.startswith("MYSQL") and tier:
        return _MYSQL.get(tier, _MYSQL_ELSE)
    return _postgres(tier) if system.startswith("POSTGRES") else 0.0


def _postgres(tier: str) -> float:
    memory = _memory(tier)
    return _CONNECTIONS[bisect_right(_GIB, memory)] if memory else _POSTGRES.get(tier, 0.0)


def _memory(tier: str) -> float:
    """In GiB; zero where the name of the machine does not tell."""
    if custom := _CUSTOM.fullmatch(tier):
        return float(custom[1]) / 1024.0
    optimized = _OPTIMIZED.fullmatch(tier)
    return float(optimized[1]) * 8.0 if optimized else 0.0
