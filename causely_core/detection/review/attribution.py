"""How much of what one entity loses is due to each entity that it calls, directly or through others.

What is lost is time or failed requests, in each value of the window: the excess over what is usual times the requests.
A callee cannot take more from a caller than its own excess, so what reaches the victim along a path of calls is
limited by every entity on the way: the widest path (Pollack, Operations Research 1960), for each value of the window
by itself, so that what is lost at another time does not count.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping

import numpy as np
from attrs import evolve, frozen

from causely_core.detection.review.own import COUNT, DURATION, ERRORS, Calls, caller_shares, sync_calls
from causely_core.detection.review.recording import Floats, Recording, Stretch
from causely_core.detection.review.scale import Drift, Scale, absolute, relative
from causely_core.model import EntityId, Relation, Symptom, SymptomKey

_MEASURES = {"RequestLatency_High": DURATION, "RequestErrorRate_High": ERRORS}
"""Symptom of the victim to the attribute in which its loss is measured."""
OWN = {"RequestLatency_High": "SelfTime_High", "RequestErrorRate_High": "SelfErrors_High"}
"""Symptom to the one that shows how much of it is the entity's own."""
_LARGE_SHARE = 0.1
"""A share of failures that is large whatever is usual."""
_Loss = tuple[Floats, Floats]
"""Times, and what was lost at each, zero or more."""
_Shares = Mapping[tuple[EntityId, EntityId], float]


@frozen
class Attribution:
    """Parts of the victim's loss, 0..1, by entity.

    Attributes:
        total: what comes through the entity, its callees' part included.
        own: what the entity adds by itself.
    """

    total: Mapping[EntityId, float]
    own: Mapping[EntityId, float]


def attribute(recording: Recording, relations: Iterable[Relation], victim: SymptomKey) -> Attribution:
    """The parts of what ``victim`` loses; empty when its loss is not measured by what its callees add."""
    if victim.name not in _MEASURES:
        return Attribution({}, {})
    whole = _losses(recording, _MEASURES[victim.name])
    times, lost = whole.get(victim.entity, (np.empty(0), np.empty(0)))
    if not lost.sum() > 0.0:
        return Attribution({}, {})
    calls = sync_calls(relations)
    shares = caller_shares(calls, recording.of(COUNT))
    losses = {id: _at(times, loss) for id, loss in whole.items()}
    reached = _reached(victim.entity, losses, calls, shares)
    own = {id: np.minimum(part, _own(id, losses, calls, shares)) for id, part in reached.items() if id in losses}
    return Attribution(*({id: float(part.sum() / lost.sum()) for id, part in each.items()} for each in (reached, own)))


def _losses(recording: Recording, measure: str) -> dict[EntityId, _Loss]:
    counts = recording.of(COUNT)
    return {
        id: (stretch.times, _excess(stretch, recording.remote, measure) * _at(stretch.times, _window(counts[id])))
        for id, stretch in recording.of(measure).items()
        if id in counts and len(stretch.values)
    }


def _excess(stretch: Stretch, remote: bool, measure: str) -> Floats:
    scale = _scale(stretch, remote, measure)
    if scale is None:
        return np.zeros(len(stretch.values))
    return np.maximum(stretch.values - scale.value(0.0), 0.0)


def _scale(stretch: Stretch, remote: bool, measure: str) -> Scale | None:
    if measure == DURATION:
        return relative(stretch, Drift.ANY if remote else Drift.NONE)
    return absolute(stretch, Drift.UPWARD if remote else Drift.NONE, _LARGE_SHARE)


def _window(stretch: Stretch) -> _Loss:
    return stretch.times, stretch.values


def _at(times: Floats, known: _Loss) -> Floats:
    """What is known at ``times``; zero where nothing is."""
    if not len(known[0]):
        return np.zeros(len(times))
    place = np.searchsorted(known[0], times).clip(max=len(known[0]) - 1)
    return np.where(known[0][place] == times, known[1][place], 0.0)


def _own(id: EntityId, losses: Mapping[EntityId, Floats], calls: Calls, shares: _Shares) -> Floats:
    """What an entity loses without what its callees do."""
    callees = (callee for callee in calls.get(id, ()) if callee in losses and (id, callee) in shares)
    return np.maximum(losses[id] - sum(shares[id, callee] * losses[callee] for callee in callees), 0.0)


def _reached(
    victim: EntityId, losses: Mapping[EntityId, Floats], calls: Calls, shares: _Shares
) -> dict[EntityId, Floats]:
    """What reaches the victim through each entity that it calls; one without counts passes on what it may."""
    settled: dict[EntityId, Floats] = {}
    heap = [(-float(losses[victim].sum()), victim, losses[victim].tolist())]
    while heap:
        _, id, flow = heapq.heappop(heap)
        if id in settled:
            continue
        settled[id] = np.array(flow)
        for callee in calls.get(id, ()):
            if callee not in settled:
                limit = losses[callee] * shares.get((id, callee), 1.0) if callee in losses else settled[id]
                onward = np.minimum(settled[id], limit)
                heapq.heappush(heap, (-float(onward.sum()), callee, onward.tolist()))
    return settled


def weighed(
    symptoms: Mapping[SymptomKey, Symptom], attribution: Attribution, victim: SymptomKey
) -> dict[SymptomKey, Symptom]:
    """The symptoms with the severity of those that the victim suffers from raised to its part in the loss.

    A small deviation on an entity that is asked often may be all that is wrong with its caller.
    """
    parts = {victim.name: attribution.total, OWN.get(victim.name, ""): attribution.own}
    return {
        key: evolve(symptom, severity=max(symptom.severity, min(parts.get(key.name, {}).get(key.entity, 0.0), 1.0)))
        for key, symptom in symptoms.items()
    }
