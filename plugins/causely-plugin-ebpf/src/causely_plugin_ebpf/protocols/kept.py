"""What a connection has told once and needs again, such as prepared statements; bounded."""

from __future__ import annotations

from typing import TypeVar

MAX_KEPT = 256
"""Things of one kind that one connection may tell; when there are more, the oldest is forgotten."""

Key = TypeVar("Key")
Value = TypeVar("Value")


def keep(kept: dict[Key, Value], key: Key, value: Value) -> None:
    """Put a value under its key."""
    if len(kept) >= MAX_KEPT and key not in kept:
        del kept[next(iter(kept))]
    kept[key] = value
