"""Reading what most kinds of objects have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

Object = Mapping[str, Any]


def key(found: Object) -> str:
    """Namespace and name."""
    about = found["metadata"]
    within = about.get("namespace")
    return f"{within}/{about['name']}" if within else str(about["name"])


def seconds(time: str | None) -> float:
    """Since the epoch; 0 for no time."""
    return datetime.fromisoformat(time).timestamp() if time else 0.0


def status(found: Object) -> Object:
    """What is so, as far as anybody has said."""
    return found.get("status") or {}


def condition(found: Object, type: str) -> Object:
    """A condition of the status; empty when it is not told."""
    conditions = status(found).get("conditions") or ()
    return next((each for each in conditions if each.get("type") == type), {})


def holds(found: Object, type: str, reason: str = "") -> bool:
    """Whether a condition is told to be true, for a ``reason`` if one is asked for."""
    told = condition(found, type)
    return told.get("status") == "True" and reason in ("", told.get("reason"))
