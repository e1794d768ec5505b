"""What absent symptoms say against a cause, reckoned by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from attrs import evolve

from causely_core.causal import Catalogue, build_graph
from causely_core.causal.absences import spreading
from causely_core.causal.cost import cost
from causely_core.causal.observed import Observed
from causely_core.causal.signs import Signs
from causely_core.causal.walk import Starts, ground
from causely_core.model import Effect, Propagation, SymptomKey

from .shop import by_key, symptom
from .world import MODEL, related, things, world

FAR = 0.6


def told(graph, start, probability, *slow):
    """Log likelihood of all absences, of a cause that shows ``Slow_High`` on ``start``; ``slow`` are active."""
    seen = Observed.of(graph, by_key(symptom(f"Thing:{name}", "Slow_High") for name in slow))
    node, p = np.array([graph.node(SymptomKey(f"Thing:{start}", "Slow_High"))]), np.array([probability])
    starts = Starts(np.array([0, 1]), node, seen.entering(node, cost(p)), p)
    return float(Signs.of(seen, ground(seen), starts, graph.blocks.owner[node]).absence[0])


def doubt(graph, name, *slow):
    """Likelihood of what is calm next to the slow ``name``; ``slow`` are active too."""
    seen = Observed.of(graph, by_key(symptom(f"Thing:{each}", "Slow_High") for each in (name, *slow)))
    node = graph.node(SymptomKey(f"Thing:{name}", "Slow_High"))
    return float(spreading(seen)[list(seen.nodes).index(node)])


def hosting(relation):
    """A graph in which the hidden ``Slow_High`` of z makes forty things hot that hang on it by ``relation``."""
    spreads = Propagation("Slow_High", relation, True, "*", Effect("Hot_High", 0.5))
    slow = evolve(MODEL.symptoms[0], observable=False)
    model = evolve(MODEL, symptoms=(slow, MODEL.symptoms[1]), propagations=(spreads,))
    names = [f"c{number}" for number in range(40)]
    pairs = related(" ".join(f"{name}>z" for name in names), relation)
    return build_graph(Catalogue.of([model]), things(" ".join([*names, "z"])), pairs)


def test_one_absent_symptom():
    assert told(world("a", ""), "a", 0.8) == pytest.approx(math.log(0.2 + 0.8 * 0.1), abs=1e-6)


def test_what_is_not_watched_says_nothing():
    assert told(world("a b", "a>b", watched=""), "b", 0.8) == 0.0


def test_what_follows_from_a_seen_symptom_says_nothing_of_its_cause():
    assert told(world("a b", "a>b"), "b", 0.8, "b") == 0.0


def test_an_absent_state_from_which_something_follows_must_have_been_missed():
    missed = math.log(0.2 + 0.8 * 0.1)
    assert told(world("a b c", "a>b b>c"), "c", 0.8, "b") == pytest.approx(missed, abs=1e-6)


def test_a_seen_symptom_is_doubted_where_what_would_follow_is_calm():
    assert doubt(world("b", ""), "b") == 1.0
    assert doubt(world("a b", "a>b"), "b") == pytest.approx((0.5 + 0.5 * 0.1) ** FAR, abs=1e-6)
    assert doubt(world("a b", "a>b", watched=""), "b") == 1.0


def test_calm_siblings_share_one_weight():
    one, many = world("a z", "a>z"), world("a b c d z", "a>z b>z c>z d>z")
    assert doubt(many, "z") == pytest.approx(doubt(one, "z"), abs=1e-6)


def test_a_seen_sibling_does_not_count():
    assert doubt(world("a b c z", "a>z b>z c>z"), "z", "a") == pytest.approx(
        (0.5 + 0.5 * 0.1) ** (FAR * 2 / 3), abs=1e-6
    )


def test_a_hidden_state_from_which_nothing_comes_is_doubted_once():
    below = FAR * math.sqrt(40) * math.log(0.5 + 0.5 * 0.2)
    expected = math.log(0.4 + 0.6 * math.exp(below))
    assert told(hosting("runs_on"), "z", 0.6) == pytest.approx(expected, abs=1e-6)
    assert expected > math.log(0.4)


def test_things_on_one_host_are_less_alike_than_callers():
    assert told(hosting("runs_on"), "z", 0.6) < told(hosting("calls"), "z", 0.6) < 0.0
