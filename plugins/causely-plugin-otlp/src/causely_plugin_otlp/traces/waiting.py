"""Waiting: halves of a pair, keyed by span id, that expire when the other half does not come."""

from __future__ import annotations

from collections.abc import Container
from typing import Generic, TypeVar

T = TypeVar("T")


class Waiting(Generic[T]):
    """A bounded table in order of arrival.

    Attributes:
        entries: ``(arrival, value)`` by span id; read it freely, change it through the methods.
    """

    def __init__(self, limit: int) -> None:
        self.entries: dict[bytes, tuple[float, T]] = {}
        self._limit = limit

    def put(self, key: bytes, now: float, value: T) -> bool:
        """Let ``value`` wait from ``now`` on; false when there is no room. Of a repeated key the first stays."""
        if len(self.entries) >= self._limit:
            return False
        self.entries.setdefault(key, (now, value))
        return True

    def take(self, key: bytes) -> T | None:
        """The value that waited under ``key``, which waits no more; none without one."""
        entry = self.entries.pop(key, None)
        return entry[1] if entry is not None else None

    def expire(self, before: float) -> list[T]:
        """Take what has waited since ``before`` or earlier (seconds since the epoch)."""
        expired = []
        for key, (arrival, _) in self.entries.items():
            if arrival > before:
                break
            expired.append(key)
        return [self.entries.pop(key)[1] for key in expired]

    def forget(self, values: Container[T]) -> None:
        """Let none of ``values`` wait any more."""
        if values:
            self.entries = {key: entry for key, entry in self.entries.items() if entry[1] not in values}
