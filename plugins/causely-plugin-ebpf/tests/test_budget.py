"""The budget: all is told until what was saved is used up, then as many as it pays for."""

from causely_plugin_ebpf.budget import Budget
from hypothesis import given
from hypothesis import strategies as st

SHARE = 0.02


def run(budget, seconds_for_all, intervals=100, over=2.0):
    """Spend what telling of one in ``budget.one_of`` takes; returns what was used of a processor at last."""
    used = 0.0
    for _ in range(intervals):
        used = seconds_for_all * over / budget.one_of
        budget.spent(used, over)
    return used / over


def test_all_is_told_where_it_takes_less():
    budget = Budget(SHARE)
    run(budget, 0.01)
    assert budget.one_of == 1
    assert budget.threshold == 0


def test_a_burst_is_told_whole():
    budget = Budget(SHARE)
    assert not budget.spent(1.0, 2.0)
    run(budget, 0.001)
    assert not budget.spent(1.0, 2.0)


def test_more_load_than_the_budget_pays_for_is_sampled_and_told_whole_again_when_it_is_over():
    budget = Budget(SHARE)
    assert run(budget, 0.9) <= SHARE
    assert 45 <= budget.one_of <= 100
    assert budget.threshold == (1 << 32) // budget.one_of
    run(budget, 0.001)
    assert budget.one_of == 1


@given(st.floats(0.0, 50.0), st.floats(0.001, 1.0))
def test_no_more_is_used_than_the_share_and_what_was_saved_in_a_minute(load, share):
    budget, used, over = Budget(share), 0.0, 2.0
    for number in range(1, 200):
        each = load * over / budget.one_of
        used += each
        budget.spent(each, over)
        assert used <= share * (number * over + 60.0) + load * over + number * over * load / 4096
