"""A column of which most values come again and again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Generic, TypeVar

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

T = TypeVar("T")


@frozen(eq=False)
class Names(Generic[T]):
    """A column with each of its values kept once.

    Attributes:
        known: the values.
        places: (rows,) where in ``known`` each row's value is.
    """

    known: Sequence[T]
    places: NDArray[np.int64]

    @classmethod
    def of(cls, column: Iterable[T]) -> Names[T]:
        """The values of ``column``, known in the order in which they first come."""
        numbers: defaultdict[T, int] = defaultdict(count().__next__)
        places = np.fromiter(map(numbers.__getitem__, column), np.int64)
        return cls(list(numbers), places)

    @classmethod
    def joined(cls, parts: Sequence[Names[T]]) -> Names[T]:
        """All rows, in the order given."""
        whole = cls.of(value for part in parts for value in part.known)
        ends = np.cumsum([len(part.known) for part in parts])
        moved = [whole.places[end - len(part.known) : end][part.places] for end, part in zip(ends, parts, strict=True)]
        return cls(whole.known, np.concatenate([whole.places[:0], *moved]))

    def sorted(self: Names[str]) -> Names[str]:
        """The same, known in order."""
        order = sorted(range(len(self.known)), key=self.known.__getitem__)
        return Names([self.known[place] for place in order], np.argsort(order)[self.places])

    def __iter__(self) -> Iterator[T]:
        """The value of every row."""
        return map(self.known.__getitem__, self.places.tolist())
