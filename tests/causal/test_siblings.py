"""Effects of one rule come of one cause together."""

from __future__ import annotations

import numpy as np
import pytest

from causely_core.causal.cost import cost
from causely_core.causal.observed import Observed
from causely_core.causal.siblings import beliefs
from causely_core.causal.walk import Starts, Walks
from causely_core.model import SymptomKey

from .shop import by_key, symptom
from .world import world


def believed(pairs, *slow):
    """Belief of each of ``slow``, which come of the slow z that nobody watches."""
    graph = world("a b c z", pairs, watched="")
    seen = Observed.of(graph, by_key(symptom(f"Thing:{name}", "Slow_High") for name in slow))
    node, p = np.array([graph.node(SymptomKey("Thing:z", "Slow_High"))]), np.array([0.8])
    walks = Walks.of(seen, Starts(np.array([0]), node, seen.entering(node, cost(p)), p))
    cells = np.flatnonzero(seen.number[walks.node])
    return beliefs(walks, walks.walk[cells], cells)


def test_one_effect_is_as_likely_as_its_rule_says():
    assert believed("a>z b>z c>z", "a") == pytest.approx([0.8 * 0.5])


def test_of_several_the_first_is_as_likely_and_each_further_one_more():
    together = 0.5 ** ((1.0 + 2.0 * 0.25) / 3.0)
    doubt = 0.8 ** (1.0 / 3.0)
    assert believed("a>z b>z c>z", "a", "b", "c") == pytest.approx([doubt * together] * 3)


def test_nothing_active_is_nothing_believed():
    assert believed("a>z") == pytest.approx([])
