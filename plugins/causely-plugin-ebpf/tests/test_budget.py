"""The budget: all is told until what was saved is used up, then as many as it pays for, of the busiest fewer."""

import math

import pytest
from causely_plugin_ebpf.budget import Budget, level
from hypothesis import given
from hypothesis import strategies as st

SHARE = 0.02
COST = 1e-5


def told(budget, asked):
    return {key: round(count / budget.one_of.get(key, 1)) for key, count in asked.items()}


def run(budget, asked, intervals=100, over=2.0, whole=0):
    """Ask so many times in each interval; returns what was used of a processor at last."""
    used = 0.0
    for _ in range(intervals):
        counts = told(budget, asked)
        used = (sum(counts.values()) + whole) * COST
        budget.spent(used, over, counts, whole)
    return used / over


def test_all_is_told_where_it_takes_less():
    budget = Budget(SHARE)
    run(budget, {"web": 1000, "shop": 2000})
    assert budget.one_of == {}


def test_a_burst_is_told_whole():
    budget = Budget(SHARE)
    assert not budget.spent(1.0, 2.0, {"web": 100_000})
    run(budget, {"web": 100})
    assert not budget.spent(1.0, 2.0, {"web": 100_000})


def test_more_load_than_the_budget_pays_for_is_sampled_and_told_whole_again_when_it_is_over():
    budget = Budget(SHARE)
    assert run(budget, {"web": 180_000}) <= SHARE * 1.1
    assert 40 <= budget.one_of["web"] <= 100
    run(budget, {"web": 100})
    assert budget.one_of == {}


def test_who_asks_little_is_told_whole_beside_who_asks_much():
    budget = Budget(SHARE)
    assert run(budget, {"web": 180_000, "shop": 90_000, "admin": 50}) <= SHARE * 1.1
    assert "admin" not in budget.one_of
    assert budget.one_of["web"] == pytest.approx(2 * budget.one_of["shop"], rel=0.1)


def test_who_begins_while_others_are_sampled_is_sampled_too():
    budget = Budget(SHARE)
    assert budget.of_others == 1
    run(budget, {"web": 20_000})
    assert budget.of_others == budget.one_of["web"]
    run(budget, {"web": 2_000_000})
    assert 1 < budget.of_others < budget.one_of["web"]


def test_what_cannot_be_sampled_leaves_a_part_to_the_others():
    budget = Budget(SHARE)
    run(budget, {"web": 10_000}, whole=50_000)
    assert 1 < budget.one_of["web"] < 4096
    run(budget, {"web": 10_000}, whole=0)
    assert budget.one_of.get("web", 1) < 8


@given(st.lists(st.integers(0, 10**6), max_size=20), st.floats(1.0, 1e6))
def test_the_level_uses_all_that_is_allowed_or_gives_all_that_is_asked(asked, allowed):
    most = level(asked, allowed)
    given_out = sum(min(count, most) for count in asked)
    assert given_out == pytest.approx(allowed) if math.isfinite(most) else given_out == sum(asked)
    assert given_out <= allowed * (1 + 1e-9) or not asked
