"""Ready detectors: above a limit, a state that holds, and what is unusual."""

import pytest

from causely_core.judging import above, holds, unusual
from causely_core.testing import window_of


def raised(detector, values):
    window = window_of(1_700_000_000.0, {detector.attribute: {"Database:orders": values}})
    return [(each.name, each.active) for each in detector.detect(window)]


def test_above_its_limit():
    detector = above("credits", "Credits_Low", "credits_used", 0.9, 1.0)
    assert raised(detector, [0.5, 0.95, 0.95, 0.95]) == [("Credits_Low", True)]
    assert raised(detector, [0.95, 0.95, 0.85]) == []


def test_while_it_holds():
    assert raised(holds("failover", "Failover_Seen", "failover"), [0, 1, 1, 1]) == [("Failover_Seen", True)]
    assert raised(holds("failover", "Failover_Seen", "failover"), [0, 0, 0, 0]) == []


@pytest.mark.parametrize(("usual", "now", "told"), [(10.0, 40.0, True), (10.0, 20.0, False), (0.1, 2.0, False)])
def test_above_what_is_usual(usual, now, told):
    detector = unusual("latency", "Latency_High", "latency", 5.0, 3.0)
    assert bool(raised(detector, [usual] * 60 + [now] * 3)) is told
