"""Arrows between symptom nodes, in rows by the node at one of their ends."""

from __future__ import annotations

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from causely_core.causal.arrays import Column, Floats, Places
from causely_core.causal.drawing import Drawing
from causely_core.causal.rows import Rows


def _columns() -> list[Column]:
    return [np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float64)]


@frozen(eq=False)
class Arrows:
    """The arrows that leave each node (or come into each) with their other end, their rule and their share.

    Rows of nodes are :class:`Rows`; an arrow is known by its position in the columns, which holds until the rows
    are changed.
    """

    rows: Rows = field(factory=lambda: Rows(_columns()), init=False)

    @property
    def head(self) -> NDArray[np.int32]:
        """The node at each arrow's other end."""
        return self.rows.columns[0]

    @property
    def rule(self) -> NDArray[np.int32]:
        """The number of the rule that drew each arrow."""
        return self.rows.columns[1]

    @property
    def share(self) -> Floats:
        """Weight of each arrow's absence among those that leave the same state by the same rule."""
        return self.rows.columns[2]

    def leaving(self, nodes: Places, drawing: Drawing, likeness: Floats) -> None:
        """Let the arrows of ``drawing`` be all that leave ``nodes``.

        Args:
            nodes: ascending; the tails of ``drawing`` are some of them.
            drawing: the arrows, in any order.
            likeness: one a rule, see :class:`causely_core.causal.rules.Rules`.
        """
        order = np.argsort(drawing.tail * (int(drawing.rule.max(initial=0)) + 1) + drawing.rule, kind="stable")
        tail, rule = drawing.tail[order], drawing.rule[order]
        self.rows.replace(nodes, tail, drawing.head[order], rule, _shares(tail, rule, likeness))

    def entering(self, nodes: Places, drawing: Drawing) -> None:
        """Let the arrows of ``drawing`` be all that come into ``nodes`` (ascending), of which its heads are.

        Their share is not known from this end, and is 0.
        """
        order = np.argsort(drawing.head, kind="stable")
        nothing = np.zeros(len(order))
        self.rows.replace(nodes, drawing.head[order], drawing.tail[order], drawing.rule[order], nothing)


def _shares(tail: Places, rule: Places, likeness: Floats) -> Floats:
    """For sorted arrows, the weight of each among those that have the same tail and rule."""
    begins = np.flatnonzero(np.diff(tail, prepend=-1).astype(bool) | np.diff(rule, prepend=-1).astype(bool))
    counts = np.diff(begins, append=len(tail))
    return np.repeat(counts ** -likeness[rule[begins]], counts)
