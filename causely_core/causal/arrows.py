"""Arrows between symptom nodes, in compressed sparse rows."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray


@frozen(eq=False)
class Arrows:
    """Row ``u`` is the slice ``start[u]:start[u + 1]`` of the other columns.

    Built by numpy, kept as lists: the walks read single numbers, which lists give several times faster.

    Attributes:
        start: one more than there are nodes.
        head: the node at the arrow's other end.
        probability: of the effect given the state that spreads, 0..1.
        relation: index of the relation type's name.
        share: one by the number of arrows that leave the same state by the same rule.
    """

    start: list[int]
    head: list[int]
    probability: list[float]
    relation: list[int]
    share: list[float]

    @classmethod
    def of(cls, nodes: int, tail: NDArray[np.int64], columns: ArrowColumns) -> Arrows:
        """Arrows sorted by ``tail``, each tail's by their head."""
        order = np.lexsort((columns.rule, columns.head, tail))
        start = np.searchsorted(tail[order], np.arange(nodes + 1))
        return cls(
            start.tolist(),
            columns.head[order].tolist(),
            columns.probability[order].tolist(),
            columns.relation[order].tolist(),
            columns.share[order].tolist(),
        )


@frozen(eq=False)
class ArrowColumns:
    """The same columns before they are sorted, with the number of the rule that drew each arrow."""

    head: NDArray[np.int64]
    probability: NDArray[np.float64]
    relation: NDArray[np.int64]
    rule: NDArray[np.int64]
    share: NDArray[np.float64]


def shares(tail: NDArray[np.int64], rule: NDArray[np.int64]) -> NDArray[np.float64]:
    """One by the number of rows with the same tail and rule, for each row."""
    if not tail.size:
        return np.zeros(0)
    key = tail * (int(rule.max()) + 1) + rule
    _, inverse, counts = np.unique(key, return_inverse=True, return_counts=True)
    return np.asarray(1.0 / counts[inverse], dtype=np.float64)
