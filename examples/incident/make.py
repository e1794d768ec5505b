"""Make this example: a lending library whose loans database got slow after a release dropped an index.

usage: make.py FOLDER
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from causely_core.incidents import Incident, Span, Track
from causely_core.incidents.writer import write_incident
from causely_core.model import Entity, Relation, Series, SymptomKey

STEP = 60.0
"""Seconds between samples."""

WINDOW = datetime(2026, 3, 3, 14, 0, tzinfo=UTC).timestamp()
SLOW_SINCE = WINDOW + 480.0
BASELINE_SAMPLES, WINDOW_SAMPLES = 120, 20

PORTAL, LOANS, SEARCH, MEMBERS = (Entity.of("Service", name) for name in ("portal", "loans", "search", "members"))
SESSIONS = Entity.of("Cache", "redis/sessions", "sessions")
LENT, BOOKS = (Entity.of("Database", f"postgresql/{name}", name) for name in ("loans-db", "books-db"))
MAIL = Entity.of("ExternalService", "mail.example")

SYNC, ASYNC = {"mode": "sync"}, {"mode": "async"}
CALLS = (
    Relation(PORTAL.id, "calls", SEARCH.id, SYNC),
    Relation(PORTAL.id, "calls", LOANS.id, SYNC),
    Relation(LOANS.id, "calls", MEMBERS.id, SYNC),
    Relation(LOANS.id, "calls", LENT.id, SYNC),
    Relation(LOANS.id, "calls", MAIL.id, ASYNC),
    Relation(MEMBERS.id, "calls", SESSIONS.id, SYNC),
    Relation(SEARCH.id, "calls", BOOKS.id, SYNC),
)

# Usual 95th percentile in seconds, requests a minute, and seconds that the missing index adds.
DURATIONS = {
    PORTAL: (0.180, 900.0, 0.42),
    LOANS: (0.090, 300.0, 0.44),
    SEARCH: (0.060, 600.0, 0.0),
    MEMBERS: (0.012, 300.0, 0.0),
    SESSIONS: (0.002, 320.0, 0.0),
    LENT: (0.030, 700.0, 0.40),
    BOOKS: (0.025, 620.0, 0.0),
    MAIL: (0.250, 40.0, 0.0),
}


def library() -> Incident:
    """The incident; the same at every call."""
    random = np.random.default_rng(20260303)
    times = WINDOW + STEP * np.arange(-BASELINE_SAMPLES, WINDOW_SAMPLES)
    slow = times >= SLOW_SINCE

    def track(entity: Entity, attribute: str, level: float, noise: float, added: float = 0.0) -> Track:
        values = (level + added * slow) * np.exp(noise * random.standard_normal(len(times)))
        return Track(Series(entity.id, attribute), times, np.round(values, 4))

    tracks = [track(LENT, "read_duration.p95", 0.028, 0.06, 0.45), track(LENT, "write_duration.p95", 0.035, 0.06)]
    for entity, (usual, requests, added) in DURATIONS.items():
        tracks.append(track(entity, "request_duration.p95", usual, 0.05, added))
        counts = track(entity, "request_count", requests, 0.04)
        failed = random.binomial(counts.values.astype(int), 0.0005)
        shares = np.round(failed / counts.values.astype(int), 5)
        tracks += [
            Track(counts.series, times, np.floor(counts.values)),
            Track(Series(entity.id, "error_rate"), times, shares),
        ]
    tracks += [track(entity, "cpu_utilization", 0.3, 0.08) for entity in (PORTAL, LOANS, SEARCH, MEMBERS)]
    return Incident(
        tuple(DURATIONS),
        CALLS,
        tuple(sorted(tracks, key=lambda one: (one.series.entity, one.series.attribute))),
        Span(float(times[0]), WINDOW - STEP),
        Span(WINDOW, float(times[-1])),
        SymptomKey(PORTAL.id, "RequestLatency_High"),
    )


if __name__ == "__main__":
    write_incident(Path(sys.argv[1]), library(), expected=LENT.id)
