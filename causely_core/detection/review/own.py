"""What an entity adds by itself: its time and its failures without those of what it calls.

A caller's latency includes its callees', and most of its failures are theirs. What is left when these are taken away
is the exclusive or self time of profilers and traces, here from aggregates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import numpy as np
from attrs import evolve

from causely_core.detection.review.recording import Floats, Recording, Stretch
from causely_core.model import EntityId, EntityType, Relation, RelationType, entity_type

DURATION, ERRORS, COUNT = "request_duration.avg", "error_rate", "request_count"
SELF_TIME = "request_duration.self"
SELF_ERRORS = "error_rate.self"
Calls = Mapping[EntityId, tuple[EntityId, ...]]


def with_own(recording: Recording, relations: Iterable[Relation]) -> Recording:
    """The recording with :data:`SELF_TIME` and :data:`SELF_ERRORS` of every entity that calls others.

    Where these are recorded they are kept: spans tell them better.
    A callee's requests are shared out to its callers by their own requests, for it is not recorded who asked.
    """
    calls = sync_calls(relations)
    shares = caller_shares(calls, recording.of(COUNT))
    own = {SELF_TIME: _own(recording, DURATION, calls, shares), SELF_ERRORS: _own(recording, ERRORS, calls, shares)}
    own[SELF_ERRORS] = {id: _clipped(stretch) for id, stretch in own[SELF_ERRORS].items()}
    known = {name: {**derived, **recording.of(name)} for name, derived in own.items()}
    return evolve(recording, stretches={**recording.stretches, **known})


def sync_calls(relations: Iterable[Relation]) -> Calls:
    """The entities that each one calls and waits for, sorted; Dependencies, which are such calls, left out."""
    callees: dict[EntityId, set[EntityId]] = defaultdict(set)
    for each in relations:
        waits = each.type == RelationType.CALLS and each.attributes.get("mode") != "async"
        if waits and each.source != each.target and entity_type(each.source) != EntityType.DEPENDENCY:
            callees[each.source].add(each.target)
    return {caller: tuple(sorted(found)) for caller, found in callees.items()}


def caller_shares(calls: Calls, counts: Mapping[EntityId, Stretch]) -> dict[tuple[EntityId, EntityId], float]:
    """Which part of a callee's requests comes from each caller."""
    weight = {id: float(stretch.usual.sum() + stretch.values.sum()) for id, stretch in counts.items()}
    total: dict[EntityId, float] = defaultdict(float)
    for caller, callees in calls.items():
        for callee in callees:
            total[callee] += weight.get(caller, 0.0)
    return {
        (caller, callee): weight.get(caller, 0.0) / total[callee]
        for caller, callees in calls.items()
        for callee in callees
        if total[callee] > 0.0
    }


def _own(
    recording: Recording, attribute: str, calls: Calls, shares: Mapping[tuple[EntityId, EntityId], float]
) -> dict[EntityId, Stretch]:
    """Of those that call something; what the others take is all their own."""
    values, counts = recording.of(attribute), recording.of(COUNT)
    known = {id: stretch for id, stretch in values.items() if id in counts}
    found = {}
    for id, stretch in known.items():
        callees = [callee for callee in calls.get(id, ()) if callee in known and (id, callee) in shares]
        if callees:
            parts = [(known[callee], counts[callee], shares[id, callee]) for callee in callees]
            found[id] = _without(stretch, counts[id], parts)
    return found


def _without(stretch: Stretch, count: Stretch, callees: list[tuple[Stretch, Stretch, float]]) -> Stretch:
    """The stretch less, for each request, what its callees take of it."""
    usual, values = stretch.usual, stretch.values
    for callee, calls, share in callees:
        usual = usual - share * _per_request(stretch.usual_times, count, callee, calls, _usual)
        values = values - share * _per_request(stretch.times, count, callee, calls, _window)
    return evolve(stretch, usual=usual, values=values)


def _per_request(
    times: Floats, count: Stretch, callee: Stretch, calls: Stretch, part: Callable[[Stretch], tuple[Floats, Floats]]
) -> Floats:
    total = _at(times, *part(callee)) * _at(times, *part(calls))
    return np.asarray(total / np.maximum(_at(times, *part(count)), 1.0))


def _usual(stretch: Stretch) -> tuple[Floats, Floats]:
    return stretch.usual_times, stretch.usual


def _window(stretch: Stretch) -> tuple[Floats, Floats]:
    return stretch.times, stretch.values


def _at(times: Floats, known_times: Floats, known: Floats) -> Floats:
    """Values at ``times``; zero where there is none: what was not asked took no time."""
    if not len(known):
        return np.zeros(len(times))
    place = np.searchsorted(known_times, times).clip(max=len(known) - 1)
    return np.where(known_times[place] == times, known[place], 0.0)


def _clipped(stretch: Stretch) -> Stretch:
    return evolve(stretch, usual=np.clip(stretch.usual, 0.0, 1.0), values=np.clip(stretch.values, 0.0, 1.0))
