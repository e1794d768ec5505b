"""Searching the best set of causes, against trying them all."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from causely_core.causal.candidates import Candidates
from causely_core.causal.observed import Observed
from causely_core.causal.problem import Problem
from causely_core.causal.search import Search
from causely_core.model import Effect, Propagation, RootCauseSpec

from . import shop
from .world import MODEL, world

LINKS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.floats(0.05, 4.0)), max_size=5)
"""Of one candidate: ways in the order of symptom and predecessor, and their weights."""


@st.composite
def problems(draw, most=8):
    """Random candidates over three symptoms, each reached by four ways; the last way is each candidate's own."""
    chosen = draw(st.lists(st.tuples(st.floats(-6.0, 0.5), LINKS), min_size=1, max_size=most))
    leaks = draw(st.lists(st.floats(0.0005, 0.3), min_size=3, max_size=3))
    return problem([bias for bias, _ in chosen], [links for _, links in chosen], leaks)


def problem(biases, links, leaks, places=None):
    flat = {}
    for row, each in enumerate(links):
        for symptom, via, weight in each:
            flat[row, symptom] = (-row - 1 if via == 3 else via, weight)
    ways = {}
    rows = [(row, symptom, ways.setdefault((symptom, via), len(ways))) for (row, symptom), (via, _) in flat.items()]
    row, column, way = (np.array([each[part] for each in rows], dtype=np.int64) for part in range(3))
    return Problem(
        candidates=(None,) * len(biases),
        place=np.array(range(len(biases)) if places is None else places),
        nodes=np.array([0, 1, 2]),
        bias=np.array(biases),
        silence=1.0 - np.array(leaks),
        start=np.searchsorted(row, np.arange(len(biases) + 1)),
        column=column,
        way=way,
        weight=np.array([weight for _, weight in flat.values()], dtype=np.float64),
        symptom=np.array([symptom for symptom, _ in ways], dtype=np.int64),
        own=np.array([via < 0 for via, _ in flat.values()], dtype=np.bool_),
    )


def score(problem, members):
    evidence, _ = problem.beyond(problem.used(members))
    return problem.bias[list(members)].sum() + evidence


def every_set(size):
    return [members for count in range(size + 1) for members in combinations(range(size), count)]


@given(problems())
@settings(deadline=None)
def test_the_best_of_all_sets_is_found(problem):
    search = Search.of(problem)
    scores = {members: score(problem, members) for members in every_set(len(problem.candidates))}
    assert search.gap == 0.0
    assert scores[search.best] == pytest.approx(max(scores.values()), abs=1e-6)
    assert search.score == pytest.approx(scores[search.best], abs=1e-6)


@given(problems())
@settings(deadline=None)
def test_probabilities_are_probabilities(problem):
    probability = Search.of(problem).posterior
    assert np.all((probability >= 0.0) & (probability <= 1.0 + 1e-9))


@given(problems(most=10), st.integers(0, 200))
@settings(deadline=None)
def test_with_a_small_budget_the_gap_bounds_what_was_missed(problem, budget):
    search = Search.of(problem, budget)
    best = max(score(problem, members) for members in every_set(len(problem.candidates)))
    assert search.score <= best + 1e-6
    assert best <= search.score + search.gap + 1e-6


@given(problems(most=5))
def test_a_gain_is_the_difference_of_two_scores_and_shrinks_with_the_set(problem):
    size = len(problem.candidates)
    for members in every_set(size):
        _, gains = problem.beyond(problem.used(members))
        for each in set(range(size)) - set(members):
            more = score(problem, (*members, each)) - score(problem, members)
            assert gains[each] == pytest.approx(more, abs=1e-6)
            assert gains[each] <= problem.alone[each] + 1e-6


def test_of_equal_sets_the_smallest_and_first_is_taken():
    same = [(0, 3, 3.0)]
    assert Search.of(problem([-1.0, -1.0], [same, same], [0.01] * 3)).best == (0,)
    assert Search.of(problem([-9.0], [same], [0.3] * 3)).best == ()


def test_two_causes_by_the_same_way_count_once_and_by_different_ways_combine():
    same = problem([-1.0, -1.0], [[(0, 1, 1.0)], [(0, 1, 0.5)]], [0.01] * 3)
    different = problem([-1.0, -1.0], [[(0, 1, 1.0)], [(0, 2, 0.5)]], [0.01] * 3)
    assert score(same, (0, 1)) == pytest.approx(score(same, (0,)) - 1.0)
    assert score(different, (0, 1)) > score(different, (0,)) - 1.0


def test_all_that_shows_on_the_causes_own_entity_is_its_own():
    fever = RootCauseSpec("Fever", 0.02, "load", "Fever.", (Effect("Hot_High", 0.8),))
    tiring = Propagation("Hot_High", "", False, "", Effect("Slow_High", 0.6))
    graph = world("a b", "a>b", evolve(MODEL, root_causes=(fever,), propagations=(tiring, *MODEL.propagations)))
    shown = ("Thing:b", "Hot_High"), ("Thing:b", "Slow_High"), ("Thing:a", "Slow_High")
    candidates = Candidates.of(Observed.of(graph, shop.by_key(shop.symptom(*each) for each in shown)))
    problem = Problem.of(candidates, np.arange(len(candidates.place)))
    number = next(at for at, each in enumerate(problem.candidates) if each.entity == "Thing:b")
    links = slice(problem.start[number], problem.start[number + 1])
    keys = [graph.key(problem.nodes[column]) for column in problem.column[links]]
    assert dict(zip(keys, problem.own[links].tolist(), strict=True)) == {
        key: key.entity == "Thing:b" for key in map(graph.key, problem.nodes)
    }


def test_what_a_cause_shows_elsewhere_is_worth_a_fifth():
    (own, other) = (Search.of(problem([5.0], [[(0, via, 2.0)]], [0.1] * 3)) for via in (3, 0))
    assert own.best == other.best == (0,)
    assert other.worth(0) == pytest.approx(0.2 * own.worth(0))


def test_of_two_causes_on_one_entity_the_first_is_worth_what_both_add():
    links, leaks = [[(0, 0, 2.0), (1, 0, 1.0)], [(0, 1, 2.0), (2, 1, 1.5)]], [0.001] * 3
    apart, together = (Search.of(problem([-0.5, -0.5], links, leaks, places)) for places in ([0, 1], [0, 0]))
    assert apart.best == together.best == (0, 1)
    alone = Search.of(problem([-0.5], links[1:], leaks))
    assert together.worth(1) == pytest.approx(alone.worth(0))
    assert alone.worth(0) > apart.worth(1) > apart.worth(0)
    assert together.worth(0) == apart.worth(0)
