"""What degrades by a cause, and what will if it is left alone."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from causely_core.causal.candidate import Candidate
from causely_core.causal.observed import Observed
from causely_core.model import AtRisk, EntityId, EntityType, SymptomKey, entity_type

LIKELY = 0.3
"""Probability from which an entity is told to be at risk: two calls further on (0.7 each) it is, after an absent
symptom on the way, which lowers what goes on to about a tenth, it is not."""

_MOST = 20
"""Entities told of; beyond are the less probable ones."""


def impacted(explained: Iterable[SymptomKey], own: EntityId) -> tuple[EntityId, ...]:
    """Entities that suffer the ``explained`` symptoms, ``own`` left out.

    A Dependency is left out as well: what suffers, where a call edge shows a symptom, is the service that calls.
    """
    suffering = dict.fromkeys(key.entity for key in explained if key.entity != own)
    return tuple(entity for entity in suffering if entity_type(entity) != EntityType.DEPENDENCY)


def at_risk(observed: Observed, candidate: Candidate) -> tuple[AtRisk, ...]:
    """Entities that serve, that show no symptom yet and that ``candidate`` reaches, most probable first.

    The probability is the belief in the entity's most probable symptom, given the cause and all that is seen on the
    way to it. Hidden states are left out, for nobody could tell that they came.
    """
    reached, slots = candidate.reached, observed.slots
    told = np.flatnonzero((reached.belief >= LIKELY) & (slots.observable & slots.serves)[reached.slot])
    told = told[~observed.suffering[reached.place[told]] & (reached.place[told] != candidate.place)]
    likely: dict[int, tuple[float, SymptomKey]] = {}
    columns = reached.place[told].tolist(), observed.keys(reached.node[told]), reached.belief[told].tolist()
    for place, key, belief in zip(*columns, strict=True):
        likely[place] = min(likely.get(place, (0.0, key)), (-belief, key))
    return tuple(AtRisk(key.entity, key.name, -belief) for belief, key in sorted(likely.values())[:_MOST])
