"""Lists in parts: of how many things an API takes at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """``items`` in order, at most ``size`` of them at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))
