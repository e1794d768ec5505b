"""Cutting incidents into what reviewers see."""

from __future__ import annotations

import attrs
import numpy as np
import pytest

from causely_core.incidents import Incident, Span, Track
from causely_core.incidents.recording import recording_of
from causely_core.model import Entity, Series

from .made import DAY, START, STEP, incident


def test_series_are_cut_at_both_ends_of_the_baseline_and_the_window():
    stretch = recording_of(incident()).of("request_duration.avg")["web"]
    assert (len(stretch.usual), len(stretch.values)) == (288, 6)
    assert stretch.times[0] == START
    assert stretch.times[-1] == START + 5 * STEP


def test_availability_and_counts_are_told_as_shares_and_rates():
    recording = recording_of(incident(failing={"web": [0.0, 0.0, 0.02, 0.0, 0.0, 0.0]}))
    assert recording.of("error_rate")["web"].values.tolist() == pytest.approx([0.0, 0.0, 0.02, 0.0, 0.0, 0.0])
    assert recording.of("request_rate")["web"].values.tolist() == pytest.approx([500.0 / STEP] * 6)


@pytest.mark.parametrize(("gap", "remote"), [(STEP, False), (2 * DAY, True)])
def test_a_baseline_more_than_a_day_away_is_remote(gap, remote):
    assert recording_of(incident(gap=gap)).remote == remote


def test_a_baseline_after_the_window_may_be_remote_too():
    recorded = incident()
    later = Span(recorded.window.end + 3 * DAY, recorded.window.end + 4 * DAY)
    assert recording_of(attrs.evolve(recorded, baseline=later)).remote


def test_fine_samples_are_put_together_by_the_minute():
    times = START + 5.0 * np.arange(24)
    values = np.ones(24)
    values[3] = 100.0
    tracks = (
        Track(Series("a", "request_count"), times, values),
        Track(Series("a", "request_duration.p95"), times, values),
    )
    span = Span(START, START + 120.0)
    recording = recording_of(Incident((Entity("a", "Service", "a"),), (), tracks, Span(0.0, 1.0), span))
    assert recording.of("request_count")["a"].values.sum() == values.sum()
    assert recording.of("request_duration.p95")["a"].values.max() == 1.0
