"""Walks over the causal graph, forward from causes and backward from symptoms."""

from __future__ import annotations

from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from causely_core.causal.observed import Observed
from causely_core.causal.walk import CUTOFF, DIRECT, backward, forward, trail
from causely_core.model import SymptomKey

from .shop import by_key, symptom
from .world import world


def observed(graph, *slow):
    return Observed.of(graph, by_key(symptom(f"Thing:{name}", "Slow_High") for name in slow))


def node(graph, name):
    return graph.node(SymptomKey(f"Thing:{name}", "Slow_High"))


def test_belief_falls_along_a_path_of_which_nothing_is_known():
    graph = world("a b c", "a>b b>c", watched="")
    reached = forward(observed(graph), {node(graph, "c"): 0.8})
    assert [reached[node(graph, name)].belief for name in "cba"] == pytest.approx([0.8, 0.4, 0.2])
    assert trail(reached, node(graph, "a")) == [node(graph, name) for name in "cba"]


def test_a_symptom_that_is_seen_lifts_belief_and_one_that_is_absent_lowers_it():
    graph = world("a b", "a>b")
    there = forward(observed(graph, "b"), {node(graph, "b"): 0.8})
    absent = forward(observed(graph), {node(graph, "b"): 0.8})
    assert there[node(graph, "a")].belief == pytest.approx(0.5, abs=0.005)
    assert absent[node(graph, "a")].belief == pytest.approx(0.5 * 0.08 / (0.08 + 0.2))


def test_paths_end_below_the_cutoff():
    names = "abcdefghij"
    graph = world(" ".join(names), " ".join(f"{a}>{b}" for a, b in pairwise(names)), watched="")
    reached = forward(observed(graph), {node(graph, "j"): 0.9})
    assert len(reached) == 6
    assert 0.9 * 0.5**6 < CUTOFF < 0.9 * 0.5**5


def test_the_strongest_of_several_paths_is_taken():
    graph = world("a b c d", "a>b b>c c>d a>d", watched="")
    reached = forward(observed(graph), {node(graph, "d"): 0.8})
    assert reached[node(graph, "a")].via == node(graph, "d")
    assert reached[node(graph, "d")].via == DIRECT


@given(
    st.sets(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde")), max_size=15),
    st.sets(st.sampled_from("abcde")),
)
def test_cycles_end_and_strengths_agree_both_ways(pairs, slow):
    graph = world("a b c d e", " ".join(f"{a}>{b}" for a, b in pairs))
    seen = observed(graph, *slow)
    back = backward(seen, seen.active)
    for name in "abcde":
        start = node(graph, name)
        reached = forward(seen, {start: 0.99})
        assert all(0.0 < each.belief < 1.0 for each in reached.values())
        if back.get(start, 0.0) * seen.preference(start) > 2 * CUTOFF:
            assert reached.keys() & seen.active.keys()


def test_a_milder_symptom_says_less():
    graph = world("a b", "a>b")
    key = SymptomKey("Thing:b", "Slow_High")
    strong = symptom(*key, severity=1.0)
    leaks = [
        Observed.of(graph, {key: evolve(strong, severity=severity)}).leak(graph.node(key)) for severity in (0, 0.5, 1)
    ]
    assert leaks == pytest.approx([0.1, 0.01, 0.001])
