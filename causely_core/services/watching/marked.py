"""The entities as detectors see them: with what people have said of where they run."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import define, field

from causely_core.detection.marks import inherited
from causely_core.model import Entity, EntityId
from causely_core.services.watching.topology import TopologyIntake


@define
class Marked:
    """Looks again when the topology has changed.

    Attributes:
        intake: the topology.
    """

    intake: TopologyIntake
    _known: Mapping[EntityId, Entity] | None = field(default=None, init=False)
    _marked: Mapping[EntityId, Entity] = field(factory=dict, init=False)

    def entities(self) -> Mapping[EntityId, Entity]:
        """All entities now, by id."""
        known = self.intake.entities
        if known is not self._known:
            self._known, self._marked = known, inherited(known, lambda: self.intake.topology.relations)
        return self._marked
