"""Places by the resource they were read from, and their entities in the live topology."""

from __future__ import annotations

from attrs import define, field
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from causely_core.traffic.live_topology import LiveTopology
from causely_plugin_otlp.attributes import plain
from causely_plugin_otlp.resource import Place, place_of

_MAX_KNOWN = 10_000
"""Resources remembered; exporters repeat theirs with every request."""
MAX_BYTES = 16_384
"""Longer resources are read each time."""


@define
class Places:
    """Reads resources once and keeps what they name alive.

    Attributes:
        topology: where the entities and relations of a place are noted.
    """

    topology: LiveTopology
    _known: dict[bytes, Place] = field(factory=dict, init=False)

    def of(self, resource: bytes, now: float) -> Place:
        """The place of a serialized ``Resource``; its entities count as seen at ``now``.

        Args:
            resource: the message as it came; empty when there was none.
            now: seconds since the epoch.

        Returns:
            The place. When the topology had no room for its service, that service is not in the topology.

        Raises:
            DecodeError: the bytes are not a resource.
        """
        return self._noted(self._place(resource), now)

    def serving(self, resource: bytes, now: float) -> Place:
        """Like :meth:`of`, for a resource that has requests: its service is noted even if it has no name."""
        place = self._place(resource)
        self.topology.add(place.speaker, now)
        return self._noted(place, now)

    def _noted(self, place: Place, now: float) -> Place:
        for entity in place.entities:
            self.topology.add(entity, now)
        self.topology.relate(place.relations, now)
        return place

    def _place(self, resource: bytes) -> Place:
        place = self._known.get(resource)
        if place is not None:
            return place
        place = place_of(plain(Resource.FromString(resource).attributes))
        if len(resource) > MAX_BYTES:
            return place
        if len(self._known) >= _MAX_KNOWN:
            self._known.clear()
        self._known[resource] = place
        return place
