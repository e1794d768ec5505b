"""Recorded ids are any texts; inside, an id says its type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve, frozen

from causely_core.incidents.incident import Incident
from causely_core.model import EntityId, entity_id


@frozen
class Ids:
    """The two names of every entity of an incident.

    Attributes:
        inside: recorded id to ``<type>:<recorded id>``.
        outside: the other way round.
    """

    inside: Mapping[EntityId, EntityId]
    outside: Mapping[EntityId, EntityId]

    @classmethod
    def of(cls, incident: Incident) -> Ids:
        """The ids of the entities of ``incident``."""
        inside = {entity.id: _typed(entity.id, entity.type) for entity in incident.entities}
        return cls(inside, {typed: id for id, typed in inside.items()})

    def told(self, value: Any) -> Any:
        """JSON-ready data with every text that is an inside id as it was recorded."""
        match value:
            case str():
                return self.outside.get(EntityId(value), value)
            case dict():
                return {key: self.told(each) for key, each in value.items()}
            case list():
                return [self.told(each) for each in value]
        return value


def typed(incident: Incident, ids: Ids) -> Incident:
    """The incident with inside ids, without what was measured of entities that it does not have."""
    inside = ids.inside
    return evolve(
        incident,
        entities=tuple(evolve(entity, id=inside[entity.id]) for entity in incident.entities),
        relations=tuple(
            evolve(each, source=inside[each.source], target=inside[each.target]) for each in incident.relations
        ),
        tracks=tuple(
            evolve(track, series=evolve(track.series, entity=inside[track.series.entity]))
            for track in incident.tracks
            if track.series.entity in inside
        ),
        reported=incident.reported and incident.reported._replace(entity=inside[incident.reported.entity]),
    )


def _typed(id: EntityId, type: str) -> EntityId:
    return id if id.startswith(f"{type}:") else entity_id(type, id)
