"""Where candidates lead to active symptoms: beliefs that share a rule or a state, onsets, and independent parts."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from causely_core.causal.absences import spreading
from causely_core.causal.cost import cost
from causely_core.causal.observed import Observed
from causely_core.causal.signs import Signs
from causely_core.causal.walk import Starts, ground
from causely_core.model import SymptomKey

from .shop import by_key, symptom
from .world import world


def signs(pairs, slow, onsets=None):
    """Of a cause on z, which makes that slow with 0.8; ``slow`` are active, and nobody watches the others."""
    graph = world("a b c z", pairs, watched="")
    active = [evolve(symptom(f"Thing:{name}", "Slow_High"), onset=(onsets or {}).get(name, 0.0)) for name in slow]
    seen = Observed.of(graph, by_key(active))
    node, p = np.array([graph.node(SymptomKey("Thing:z", "Slow_High"))]), np.array([0.8])
    starts = Starts(np.array([0, 1]), node, seen.entering(node, cost(p)), p)
    return Signs.of(seen, ground(seen), starts, graph.blocks.owner[node]), seen


def believed(pairs, *slow):
    """Belief of each of ``slow``."""
    found, seen = signs(pairs, slow)
    number = found.columns["number"]
    shown = (1.0 - seen.graph.miss[seen.nodes[number]]) * spreading(seen)[number]
    return (1.0 - np.exp(-found.columns["weight"])) / shown


def test_one_effect_is_as_likely_as_its_rule_says():
    assert believed("a>z b>z c>z", "a") == pytest.approx([0.8 * 0.5])


def test_of_several_the_first_is_as_likely_and_each_further_one_more():
    together = 0.5 ** ((1.0 + 2.0 * 0.25) / 3.0)
    doubt = 0.8 ** (1.0 / 3.0)
    assert believed("a>z b>z c>z", "a", "b", "c") == pytest.approx([doubt * together] * 3)


def test_nothing_active_is_nothing_believed():
    assert believed("a>z") == pytest.approx([])


def test_signs_tell_from_where_they_come_and_whether_they_are_its_own():
    found, seen = signs("a>z b>a", "abz")
    told = dict(zip(found.columns["number"].tolist(), found.columns["via"].tolist(), strict=True))
    by_name = {key.entity[-1]: node for key, node in ((seen.graph.key(node), node) for node in seen.nodes.tolist())}
    names = [seen.graph.key(node).entity[-1] for node in seen.nodes.tolist()]
    assert {names[number]: via for number, via in told.items()} == {"a": by_name["z"], "b": by_name["a"], "z": -1}
    own = dict(zip(found.columns["number"].tolist(), found.columns["own"].tolist(), strict=True))
    assert {names[number]: its for number, its in own.items()} == {"a": False, "b": False, "z": True}


def test_a_cause_that_shows_after_its_effects_is_late():
    assert signs("a>z", "az", {"z": 100.0, "a": 100.0})[0].lateness == pytest.approx([0.0])
    assert signs("a>z", "az", {"z": 130.0, "a": 100.0})[0].lateness == pytest.approx([-1.0])
    assert signs("a>z", "az", {"z": 1_000.0, "a": 100.0})[0].lateness == pytest.approx([-1.5])
    assert signs("a>z", "a", {"a": 100.0})[0].lateness == pytest.approx([0.0])


def test_so_many_candidates_that_several_threads_walk_say_what_one_says():
    graph, many = world("a b z", "a>z b>a"), 12_001
    seen = Observed.of(graph, by_key(symptom(f"Thing:{name}", "Slow_High") for name in "bz"))
    node = np.array([graph.node(SymptomKey(f"Thing:{name}", "Slow_High")) for name in ("z", "a", "b")])
    nodes, p = node[np.arange(many) % 3], np.full(many, 0.8)
    starts = Starts(np.arange(many + 1), nodes, seen.entering(nodes, cost(p)), p)
    place, on = graph.blocks.owner[nodes], ground(seen)
    all_at_once, few = Signs.of(seen, on, starts, place), Signs.of(seen, on, starts.only(np.arange(3)), place[:3])
    counts = np.diff(few.first)
    assert np.diff(all_at_once.first).tolist() == counts[np.arange(many) % 3].tolist()
    for name, column in few.columns.items():
        assert all_at_once.columns[name].tolist() == np.resize(column, len(all_at_once.columns[name])).tolist()
    assert all_at_once.absence.tolist() == np.resize(few.absence, many).tolist()
    assert all_at_once.lateness.tolist() == np.resize(few.lateness, many).tolist()


def parts(sets):
    """The parts of candidates of which each leads to the active symptoms of one set."""
    number = np.array([number for each in sets for number in sorted(each)], dtype=np.int32)
    first = np.cumsum([0, *map(len, sets)])
    nothing = np.zeros(len(sets))
    found = Signs(first, {"number": number}, nothing, nothing, int(number.max(initial=-1)) + 1)
    return [part.tolist() for part in found.parts()]


def test_candidates_are_joined_through_chains_of_shared_symptoms():
    assert sorted(parts([{1, 2}, {5}, {2, 3}, {3, 4}])) == [[0, 2, 3], [1]]


def test_a_candidate_that_leads_to_nothing_is_a_part_of_its_own():
    assert sorted(parts([{1}, set(), {1}, set()])) == [[0, 2], [1], [3]]


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
