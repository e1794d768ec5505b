"""Relations: the typed, directed edges of a topology."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from attrs import field, frozen

from causely_core.model.entity import EntityId


class RelationType(StrEnum):
    """Relation types; read each as ``source <type> target``.

    ``same_as`` is about ids: whoever speaks of its source means its target (see :mod:`~causely_core.model.aliases`).
    The mediator keeps it for itself, for addresses are among the ids.
    """

    CALLS = "calls"
    RUNS_ON = "runs_on"
    PART_OF = "part_of"
    OWNED_BY = "owned_by"
    SELECTS = "selects"
    ROUTES_TO = "routes_to"
    STORES_ON = "stores_on"
    PRODUCES_TO = "produces_to"
    CONSUMES_FROM = "consumes_from"
    SAME_AS = "same_as"


@frozen
class Relation:
    """``source`` stands in relation ``type`` to ``target``.

    Attributes:
        attributes: what the causal model may filter on, such as ``{"mode": "async"}``.
    """

    source: EntityId
    type: str
    target: EntityId
    attributes: Mapping[str, str] = field(factory=dict, hash=False, eq=False)
