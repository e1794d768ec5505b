"""Simulated incidents as recorded ones."""

from __future__ import annotations

import numpy as np
import pytest

from causely_core.incidents.simulation import simulate


def tracks(simulated, attribute):
    return {each.series.entity: each for each in simulated.incident.tracks if each.series.attribute == attribute}


@pytest.fixture(scope="module")
def some():
    return simulate(120, 5, causes=2)


def test_the_same_arguments_give_the_same_incident(some):
    assert simulate(120, 5, causes=2) == some


@pytest.mark.parametrize("other", [{"seed": 6}, {"seed": 5, "number": 1}])
def test_other_seeds_and_numbers_give_others(some, other):
    assert simulate(120, causes=2, **other).incident.relations != some.incident.relations


def test_the_truth_is_among_the_entities(some):
    ids = {entity.id for entity in some.incident.entities}
    assert len(some.truth) == 2
    assert {entity for entity, _ in some.truth} <= ids
    assert {each.series.entity for each in some.incident.tracks} <= ids


@pytest.mark.parametrize("entities", [20, 200, 1_000])
def test_there_are_about_as_many_entities_as_asked_for(entities):
    assert len(simulate(entities, 1, step=60.0).incident.entities) == pytest.approx(entities, rel=0.35)


def test_tracks_are_sorted_finite_and_within_baseline_and_window(some):
    incident = some.incident
    keys = [(each.series.entity, each.series.attribute) for each in incident.tracks]
    assert keys == sorted(set(keys))
    for each in incident.tracks:
        assert np.all(np.isfinite(each.values))
        assert np.all(np.diff(each.times) > 0.0)
        assert incident.baseline.start <= each.times[0] <= each.times[-1] <= incident.window.end


def test_without_causes_nothing_is_much_higher_in_the_window_than_before():
    calm = simulate(120, 5, causes=0)
    assert calm.truth == ()
    for attribute in ("request_duration.avg", "request_rate", "memory_usage"):
        for track in tracks(calm, attribute).values():
            before, after = (np.median(track.values[part]) for part in (_before(calm, track), ~_before(calm, track)))
            assert after < 2.0 * before + 0.05


def test_shares_are_of_counts(some):
    counts = tracks(some, "request_count")
    for entity, track in tracks(some, "error_rate").items():
        at = np.isin(counts[entity].times, track.times)
        failures = track.values * counts[entity].values[at]
        assert failures == pytest.approx(np.rint(failures))


def _before(simulated, track):
    return track.times <= simulated.incident.baseline.end
