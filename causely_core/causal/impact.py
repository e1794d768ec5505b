"""What degrades by a cause, and what will if it is left alone."""

from __future__ import annotations

from collections.abc import Iterable

from causely_core.causal.candidate import Candidate
from causely_core.causal.graph import State
from causely_core.causal.observed import Observed
from causely_core.model import AtRisk, EntityId, EntityType, SymptomKey, entity_type

SERVES = frozenset(
    map(
        str,
        (
            EntityType.SERVICE,
            EntityType.OPERATION,
            EntityType.WORKLOAD,
            EntityType.LOAD_BALANCER,
            EntityType.DATABASE,
            EntityType.CACHE,
            EntityType.QUEUE,
            EntityType.TOPIC,
        ),
    )
)
"""Types that somebody sends requests or messages to: their degrading is noticed, a container's only through them."""

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
    likely: dict[int, tuple[float, SymptomKey]] = {}
    for node, reached in candidate.reached.items():
        if reached.belief >= LIKELY and _tells(candidate, state := observed.state(node)):
            least = likely.get(state.place, (0.0, state.key))
            likely[state.place] = min(least, (-reached.belief, state.key))
    order = sorted(most for place, most in likely.items() if not _suffers(observed, place))
    return tuple(AtRisk(key.entity, key.name, -float(belief)) for belief, key in order[:_MOST])


def _tells(candidate: Candidate, state: State) -> bool:
    return state.place != candidate.place and state.type in SERVES and state.spec.observable


def _suffers(observed: Observed, place: int) -> bool:
    return any(node in observed.active for node in observed.graph.nodes(place))
