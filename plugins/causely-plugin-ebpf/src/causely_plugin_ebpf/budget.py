"""The budget: how many requests are told of, so that following them takes no more of a processor than allowed."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Generic, TypeVar

from attrs import define, field

_FEWEST = 4096
"""One request of so many is told of at the least."""

_SAVED = 60.0
"""Seconds over which the budget is meant: what was not used may be used at once later, as when much is new."""

_NEW = 64
"""One request of so many is told of at the least of who is not known yet."""

_LEAST = 0.25
"""Share of the budget that is left to those who can be told less of, whatever the others take."""

Key = TypeVar("Key")


@define
class Budget(Generic[Key]):
    """Adapts what is told of the busiest to what telling takes; of those that ask little, all is told.

    Attributes:
        share: of one processor, that may be used on average.
        one_of: requests of which one is told of, by who asks or answers them; all of who is not here.
    """

    share: float
    one_of: dict[Key, int] = field(factory=dict, init=False)
    _left: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Begin with all of it: at the start everything is new."""
        self._left = self.share * _SAVED

    @property
    def of_others(self) -> int:
        """Requests of which one is told of, of who begins now: it may be who asks most, or who asks hardly anything."""
        return min(max(self.one_of.values(), default=1), _NEW)

    def spent(self, seconds: float, over: float, told: Mapping[Key, int], whole: int = 0) -> bool:
        """``seconds`` of a processor were used in ``over`` seconds; true when ``one_of`` is another one now.

        What is used is taken to grow with the requests told of. Fewer are told of only when nothing is left, and
        more only as far as half of the budget allows, so that it does not swing.

        Args:
            seconds: what was used.
            over: time since the last call.
            told: requests that were told of since, of which fewer could be.
            whole: requests of which fewer could not be told.
        """
        self._left = min(self._left + self.share * over - seconds, self.share * _SAVED)
        ratio, before = seconds / (over * self.share), self.one_of
        if self._left < 0.0 and ratio > 1.0:
            self._allow(told, whole, 1.0 / ratio)
        elif self.one_of and ratio < 0.5:
            self._allow(told, whole, 0.5 / max(ratio, 1e-3))
        self._left = max(self._left, 0.0)
        return self.one_of != before

    def _allow(self, told: Mapping[Key, int], whole: int, factor: float) -> None:
        """Allow for ``factor`` times as many as were told."""
        asked = {key: count * self.one_of.get(key, 1) for key, count in told.items()}
        allowed = (sum(told.values()) + whole) * factor
        most = level(asked.values(), max(allowed - whole, allowed * _LEAST, 1.0))
        wanted = {key: min(math.ceil(count / most), _FEWEST) for key, count in asked.items()}
        self.one_of = {key: one_of for key, one_of in wanted.items() if one_of > 1}


def level(asked: Collection[int], allowed: float) -> float:
    """The most that anybody may have of ``allowed`` so that all of it is used: whoever asks for less gets that."""
    left, others = allowed, len(asked)
    for count in sorted(asked):
        if count * others >= left:
            return left / others
        left, others = left - count, others - 1
    return math.inf
