"""From posterior to probability."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.causal import diagnose
from causely_core.causal.calibration import SIMULATED, Calibration

from .shop import NOW, by_key, symptom
from .world import world

WORTH = st.floats(-1e6, 1e6)


def test_half_of_the_most_is_at_the_middle():
    assert Calibration(middle=7.0, width=2.0, most=0.9).support(7.0) == pytest.approx(0.45)


@given(WORTH, WORTH)
def test_what_is_needed_more_is_more_probable(one, other):
    less, more = sorted((one, other))
    assert 0.0 <= SIMULATED.support(less) <= SIMULATED.support(more) <= SIMULATED.most


def test_probabilities_of_a_cause_and_its_rivals_keep_their_proportion():
    graph = world("a", "", watched="Slow_High Hot_High")
    seen = by_key([symptom("Thing:a", "Slow_High", severity=1.0), symptom("Thing:a", "Hot_High", severity=1.0)])
    (raw,) = diagnose(graph, seen, NOW, calibration=None).root_causes
    (told,) = diagnose(graph, seen, NOW).root_causes
    ratio = told.probability / raw.probability
    assert 0.0 < ratio < SIMULATED.most
    assert [each.probability for each in told.alternatives] == pytest.approx(
        [each.probability * ratio for each in raw.alternatives]
    )


def test_what_shows_itself_comes_before_what_is_only_needed_far_away():
    far = " ".join(f"c{number}" for number in range(3))
    graph = world(f"{far} a b", " ".join(f"{name}>b" for name in far.split()))
    own = [symptom("Thing:a", name, severity=1.0) for name in ("Slow_High", "Hot_High")]
    spread = [symptom(f"Thing:{name}", "Slow_High", severity=1.0) for name in far.split()]
    found = diagnose(graph, by_key([*own, *spread]), NOW).root_causes
    assert found[0].entity == "Thing:a"
    assert len(found[-1].explains) > len(found[0].explains)
