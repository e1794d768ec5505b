"""A small incident of our own: a shop whose catalogue service is slow by itself for ten minutes."""

from __future__ import annotations

import numpy as np

from causely_core.incidents import Incident, Span, Track
from causely_core.model import Entity, Relation, Series, SymptomKey

STEP, DAY, START = 300.0, 86_400.0, 2_000_000.0
CALM = [1.0] * 6
SLOW = [1.0, 1.0, 4.0, 4.0, 1.0, 1.0]
USUAL = {"web": 0.2, "catalogue": 0.05, "stock": 0.01}
CALLS = [("web", "catalogue"), ("catalogue", "stock")]


def incident(factors=None, gap=STEP, reported=None, failing=None):
    """The shop with mean durations and failures as told.

    Args:
        factors: entity to six factors on its own time; what calls it waits for it.
        gap: seconds between the baseline's end and the window.
        reported: symptom that a person saw on ``web``.
        failing: entity to six shares of failed requests.
    """
    factors, failing = factors or {}, failing or {}
    rng = np.random.default_rng(7)
    before = START - gap - STEP * np.arange(288, 0, -1)
    window = START + STEP * np.arange(6)
    tracks = []
    for id in USUAL:
        usual = _duration(id, {}, 288) * np.exp(0.03 * rng.standard_normal(288))
        durations = _duration(id, factors, 6) * np.exp(0.03 * rng.standard_normal(6))
        available = 100.0 * (1.0 - np.asarray(failing.get(id, [0.0] * 6)))
        tracks += [
            _track(id, "availability", before, np.full(288, 100.0), window, available),
            _track(id, "request_count", before, np.full(288, 500.0), window, np.full(6, 500.0)),
            _track(id, "request_duration.avg", before, usual, window, durations),
        ]
    return Incident(
        tuple(Entity(id, "Service" if id != "stock" else "Database", id) for id in USUAL),
        tuple(Relation(source, "calls", target) for source, target in CALLS),
        tuple(tracks),
        Span(before[0], before[-1]),
        Span(window[0], window[-1]),
        reported and SymptomKey("web", reported),
    )


def _duration(id, factors, samples):
    own = USUAL[id] * np.asarray(factors.get(id, [1.0] * samples), float)
    return own + sum(_duration(callee, factors, samples) for caller, callee in CALLS if caller == id)


def _track(id, attribute, before, usual, window, values):
    return Track(Series(id, attribute), np.concatenate([before, window]), np.concatenate([usual, values]))
