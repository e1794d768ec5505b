"""Splitting candidates into parts that share no active symptom."""

from __future__ import annotations

from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from causely_core.causal.parts import independent


@frozen
class Active:
    """Stands in for a candidate, of which only the active symptoms matter here."""

    active: dict[int, None]


def active(*nodes):
    return Active(dict.fromkeys(nodes))


def test_candidates_are_joined_through_chains_of_shared_symptoms():
    one, two, three, four = active(1, 2), active(5), active(2, 3), active(3, 4)
    assert independent([one, two, three, four]) == [[one, three, four], [two]]


def test_no_candidates_are_no_parts():
    assert independent([]) == []


@given(st.lists(st.sets(st.integers(0, 12), min_size=1, max_size=4)))
def test_parts_are_disjoint_complete_and_not_divisible(sets):
    parts = independent([active(*each) for each in sets])
    covered = [{node for each in part for node in each.active} for part in parts]
    assert sum(map(len, parts)) == len(sets)
    assert sum(map(len, covered)) == len(set().union(*covered))
    assert all(_connected([set(each.active) for each in part]) for part in parts)


def _connected(sets):
    seen, rest = set(sets[0]), sets[1:]
    while joined := [each for each in rest if each & seen]:
        seen = seen.union(*joined)
        rest = [each for each in rest if each not in joined]
    return not rest
