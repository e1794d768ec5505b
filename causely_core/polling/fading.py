"""Things that stay for a while after they were seen last. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Generic, TypeVar

from attrs import define, field, frozen

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@frozen
class _Kept(Generic[V]):
    """What was said of a thing, and since when it is missing; none while it is there."""

    value: V
    missing_since: float | None = None


@define
class Fading(Generic[K, V]):
    """What each complete look has found, and what it has not found any more for less than ``patience``.

    Only looks age a thing: nothing is gone because nobody could look.

    Attributes:
        patience: seconds.
    """

    patience: float
    _kept: dict[K, _Kept[V]] = field(factory=dict, init=False)

    def look(self, found: Mapping[K, V], now: float, complete: bool = True) -> None:
        """Tell what was found.

        Args:
            found: all of it.
            now: seconds since the epoch.
            complete: whether what is not among it is not there.
        """
        kept = {key: _Kept(value) for key, value in found.items()}
        for key, before in self._kept.items():
            if key not in kept and (still := self._still(before, now, complete)):
                kept[key] = still
        self._kept = kept

    def all(self) -> dict[K, V]:
        """What is there, or was of late."""
        return {key: kept.value for key, kept in self._kept.items()}

    def missing(self) -> Iterator[K]:
        """What was of late and is not now."""
        return (key for key, kept in self._kept.items() if kept.missing_since is not None)

    def _still(self, before: _Kept[V], now: float, complete: bool) -> _Kept[V] | None:
        if not complete:
            return before
        since = now if before.missing_since is None else before.missing_since
        return _Kept(before.value, since) if now - since < self.patience else None
