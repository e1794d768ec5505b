"""Splitting candidates into parts that share no active symptom."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from causely_core.causal.parts import independent


def parts(sets):
    """The parts of candidates of which each leads to the active symptoms of one set."""
    pairs = np.array([(row, number) for row, each in enumerate(sets) for number in each], dtype=np.int64)
    row, number = pairs.reshape(-1, 2).T
    return [part.tolist() for part in independent(row, number, len(sets))]


def test_candidates_are_joined_through_chains_of_shared_symptoms():
    assert sorted(parts([{1, 2}, {5}, {2, 3}, {3, 4}])) == [[0, 2, 3], [1]]


def test_no_candidates_are_no_parts():
    assert parts([]) == []


@given(st.lists(st.sets(st.integers(0, 12), min_size=1, max_size=4)))
def test_parts_are_disjoint_complete_and_not_divisible(sets):
    found = parts(sets)
    covered = [set().union(*(sets[row] for row in part)) for part in found]
    assert sorted(row for part in found for row in part) == list(range(len(sets)))
    assert sum(map(len, covered)) == len(set().union(*covered))
    assert all(_connected([sets[row] for row in part]) for part in found)


def _connected(sets):
    seen, rest = set(sets[0]), sets[1:]
    while joined := [each for each in rest if each & seen]:
        seen = seen.union(*joined)
        rest = [each for each in rest if each not in joined]
    return not rest
