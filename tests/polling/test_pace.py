"""Back-off of one query."""

from causely_core.polling.pace import LONGEST, Pace


def pauses(pace, times, retry_after=0.0):
    now, found = 0.0, []
    for _ in range(times):
        pace.failed("down", now, retry_after)
        begin = now
        while not pace.due(now):
            now += 0.5
        found.append(now - begin)
    return found


def test_pauses_grow_and_have_an_end():
    found = pauses(Pace(10.0), 8)
    assert found == sorted(found)
    assert found[0] <= 10.0 < found[2]
    assert found[-1] == LONGEST


def test_the_server_is_left_alone_for_as_long_as_it_wants():
    assert pauses(Pace(1.0), 1, retry_after=40.0) == [40.0]
    assert pauses(Pace(1.0), 1, retry_after=1e6) == [LONGEST]


def test_an_answer_makes_all_well():
    pace = Pace(10.0)
    pauses(pace, 5)
    pace.answered()
    assert pace.due(0.0)
    assert not pace.problem
