"""Walks over the causal graph: strongest paths, and belief along them."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from causely_core.causal import Catalogue, build_graph
from causely_core.causal.candidates import Candidates
from causely_core.causal.cost import cost
from causely_core.causal.observed import Observed
from causely_core.causal.reached import Reached
from causely_core.causal.walk import CUTOFF, DIRECT, Starts, Walks, ground
from causely_core.model import Effect, Propagation, SymptomKey

from . import plain_walk
from .shop import by_key, symptom
from .world import MODEL, related, things, world


class There(NamedTuple):
    via: int
    belief: float
    arrow: float


def observed(graph, *slow):
    return Observed.of(graph, by_key(symptom(f"Thing:{name}", "Slow_High") for name in slow))


def node(graph, name, symptom="Slow_High"):
    return graph.node(SymptomKey(f"Thing:{name}", symptom))


def walks(seen, causes):
    """What each of ``causes`` (dictionaries of node to probability) leads to."""
    starts = [(node, p) for effects in causes for node, p in effects.items()]
    first, nodes = np.cumsum([0, *map(len, causes)]), np.array([node for node, _ in starts], dtype=np.int64)
    p = np.array([p for _, p in starts])
    found = Walks.of(seen, ground(seen), Starts(first, nodes, seen.entering(nodes, cost(p)), p))
    return [told(reached) for reached in Reached.all(found)]


def told(reached):
    """What one walk has reached, by node: the node before, the belief and the last arrow's probability."""
    via = [at if at == DIRECT else int(reached.node[at]) for at in reached.via]
    columns = reached.node.tolist(), via, reached.belief.tolist(), reached.chance.tolist()
    return {node: There(*each) for node, *each in zip(*columns, strict=True)}


def forward(seen, effects):
    return walks(seen, [effects])[0]


def test_belief_falls_along_a_path_of_which_nothing_is_known():
    graph = world("a b c", "a>b b>c", watched="")
    reached = forward(observed(graph), {node(graph, "c"): 0.8})
    assert [reached[node(graph, name)].belief for name in "cba"] == pytest.approx([0.8, 0.4, 0.2])
    assert [reached[node(graph, name)].via for name in "abc"] == [node(graph, "b"), node(graph, "c"), DIRECT]


def test_a_symptom_that_is_seen_lifts_belief_and_one_that_is_absent_lowers_it():
    graph = world("a b", "a>b")
    there = forward(observed(graph, "b"), {node(graph, "b"): 0.8})
    absent = forward(observed(graph), {node(graph, "b"): 0.8})
    assert there[node(graph, "a")].belief == pytest.approx(0.5, abs=0.005)
    assert absent[node(graph, "a")].belief == pytest.approx(0.5 * 0.08 / (0.08 + 0.2))


def test_a_hidden_state_passes_belief_on_as_it_is_whatever_is_said_of_it():
    hidden = evolve(MODEL, symptoms=(evolve(MODEL.symptoms[0], observable=False), MODEL.symptoms[1]))
    graph = world("a b", "a>b", hidden)
    seen = observed(graph, "b")
    assert seen.unknown == (SymptomKey("Thing:b", "Slow_High"),)
    assert forward(seen, {node(graph, "b"): 0.8})[node(graph, "a")].belief == pytest.approx(0.4)


def test_paths_end_below_the_cutoff():
    names = "abcdefghij"
    graph = world(" ".join(names), " ".join(f"{a}>{b}" for a, b in pairwise(names)), watched="")
    reached = forward(observed(graph), {node(graph, "j"): 0.9})
    assert len(reached) == 5
    assert 0.9 * 0.5**5 < CUTOFF < 0.9 * 0.5**4


def test_the_strongest_of_several_paths_is_taken():
    graph = world("a b c d", "a>b b>c c>d a>d", watched="")
    reached = forward(observed(graph), {node(graph, "d"): 0.8})
    assert reached[node(graph, "a")].via == node(graph, "d")
    assert reached[node(graph, "d")].via == DIRECT


def test_of_equally_strong_paths_the_one_on_which_more_is_seen_is_taken():
    graph = world("a b c d", "a>b a>c b>d c>d", watched="")
    for seen in "bc":
        reached = forward(observed(graph, seen), {node(graph, "d"): 0.8})
        assert reached[node(graph, "a")].via == node(graph, seen)


NAMES = "a b c d e f"
PAIRS = st.sets(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=15).map(
    lambda pairs: " ".join(f"{a}>{b}" for a, b in sorted(pairs))
)
SLOW = st.sets(st.sampled_from("abcdef")).map(sorted)
CAUSES = st.lists(
    st.dictionaries(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from(["Slow_High", "Hot_High"])),
        st.sampled_from([0.05, 0.3, 0.5, 0.9, 0.95]),
        min_size=1,
        max_size=3,
    ),
    min_size=1,
    max_size=4,
)
RULES = (
    Propagation("Slow_High", "calls", True, "*", Effect("Slow_High", 0.5)),
    Propagation("Slow_High", "calls", False, "*", Effect("Hot_High", 0.7)),
    Propagation("Hot_High", "", False, "", Effect("Slow_High", 0.6)),
)


@given(PAIRS, SLOW, CAUSES, st.sampled_from(["", "Slow_High", "Slow_High Hot_High"]))
@settings(deadline=None)
def test_many_walks_at_once_agree_with_one_at_a_time(pairs, slow, causes, watched):
    graph = build_graph(
        Catalogue.of([evolve(MODEL, propagations=RULES)]), things(NAMES, watched), related(pairs) if pairs else []
    )
    seen = observed(graph, *slow)
    effects = [{node(graph, *key): p for key, p in cause.items()} for cause in causes]
    for reached, each in zip(walks(seen, effects), effects, strict=True):
        plain = plain_walk.walk(seen, each)
        assert {at: each.via for at, each in reached.items()} == {at: each.via for at, each in plain.items()}
        for at, there in reached.items():
            assert there.belief == pytest.approx(plain[at].belief, rel=1e-9)
            assert there.arrow == plain[at].arrow


@given(PAIRS, SLOW)
@settings(deadline=None)
def test_every_candidate_leads_to_something_that_is_seen(pairs, slow):
    graph = world(NAMES, pairs) if pairs else build_graph(Catalogue.of([MODEL]), things(NAMES), [])
    found = Candidates.of(observed(graph, *slow))
    assert (np.diff(found.signs.first) > 0).all()


def test_a_milder_symptom_says_less():
    graph = world("a b", "a>b")
    key = SymptomKey("Thing:b", "Slow_High")
    strong = symptom(*key, severity=1.0)
    leaks = [float(Observed.of(graph, {key: evolve(strong, severity=severity)}).leaks[0]) for severity in (0, 0.5, 1)]
    assert leaks == pytest.approx([0.01**0.5, 0.01**1.25, 0.01**2.0])
