"""Splitting candidates into parts that share no active symptom, so that each can be searched by itself."""

from __future__ import annotations

import numpy as np

from causely_core.causal.arrays import Places


def independent(row: Places, number: Places, rows: int) -> list[Places]:
    """The rows of each part, ascending; a posterior factors over the parts.

    Each candidate takes the lowest label of those it shares a symptom with, until none changes; a label's own label
    is taken at once, so that chains are short.

    Args:
        row: a candidate, for each symptom that it leads to.
        number: that active symptom.
        rows: how many candidates there are; one that leads to nothing is a part of its own.
    """
    label, before = np.arange(rows), np.zeros(0, dtype=np.int64)
    while not np.array_equal(label, before):
        before = label
        lowest = np.full(int(number.max(initial=-1)) + 1, rows)
        np.minimum.at(lowest, number, label[row])
        label = label.copy()
        np.minimum.at(label, row, lowest[number])
        label = label[label]
    order = np.argsort(label, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if rows else []
