"""What one walk has reached, to be told of."""

from __future__ import annotations

import numpy as np

from causely_core.causal.cost import cost
from causely_core.causal.observed import Observed
from causely_core.causal.reached import Reached
from causely_core.causal.walk import DIRECT, Starts, Walks, ground
from causely_core.model import SymptomKey

from .shop import by_key, symptom
from .world import world


def reached(pairs, slow, starts="z", watched="Slow_High", chance=0.8):
    """What causes on each of ``starts`` lead to, which make that slow with ``chance``; ``slow`` are active, mildly."""
    graph = world("a b c z", pairs, watched=watched)
    seen = Observed.of(graph, by_key(symptom(f"Thing:{name}", "Slow_High", severity=0.0) for name in slow))
    node = np.array([graph.node(SymptomKey(f"Thing:{name}", "Slow_High")) for name in starts])
    p = np.full(len(node), chance)
    on = Starts(np.arange(len(node) + 1), node, seen.entering(node, cost(p)), p)
    return graph, Reached.all(Walks.of(seen, ground(seen), on))


def names(graph, nodes):
    return [graph.key(node).entity[-1] for node in nodes.tolist()]


def test_states_come_nearest_first_each_after_the_one_before_it():
    graph, (found,) = reached("a>z b>a c>b", "abcz")
    assert names(graph, found.node) == ["z", "a", "b", "c"]
    assert found.via.tolist() == [DIRECT, 0, 1, 2]
    assert found.trails() == [0, 1, 2, 3]


def test_a_path_is_told_from_its_beginning_and_once():
    graph, (found,) = reached("a>z b>a c>a", "abc")
    assert sorted(names(graph, found.node[found.explained])) == ["a", "b", "c"]
    told = names(graph, found.node[found.trails()])
    assert told[:2] == ["z", "a"]
    assert sorted(told[2:]) == ["b", "c"]


def test_one_symptom_is_explained_however_weakly():
    graph, (found,) = reached("a>z b>a c>b", "c", watched="", chance=0.5)
    assert not found.better.any()
    assert names(graph, found.node[found.explained]) == ["c"]


def test_several_walks_are_told_apart():
    graph, (of_z, of_a) = reached("a>z b>a", "ab", starts="za")
    assert names(graph, of_z.node) == ["z", "a", "b"]
    assert names(graph, of_a.node) == ["a", "b"]
    assert of_a.via.tolist() == [DIRECT, 0]


def test_what_nobody_looks_at_and_what_is_missing():
    graph, (found,) = reached("a>z", "a")
    assert names(graph, found.node[found.missing]) == ["z"]
    assert not found.unwatched.any()
    graph, (found,) = reached("a>z", "a", watched="")
    assert names(graph, found.node[found.unwatched]) == ["z"]
    assert not found.missing.any()
