"""Where the API gets its answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from causely_core.services.analyzer.casebook import Casebook

T = TypeVar("T")


class Source(Protocol):
    """What the API needs of an analyzer."""

    @property
    def connected(self) -> frozenset[str]:
        """Names of the mediators whose stream is open."""
        ...

    async def ask(self, question: Callable[[Casebook], T]) -> T:
        """Let ``question`` read the casebook."""
        ...
