"""Places by the resource they were read from, and their entities in the live topology."""

from __future__ import annotations

from attrs import define, field, frozen
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from causely_core.model import Aliases, EntityId
from causely_core.traffic.live_topology import LiveTopology
from causely_plugin_otlp import semconv
from causely_plugin_otlp.attributes import Attributes, plain, text
from causely_plugin_otlp.peers_heard import PeersHeard
from causely_plugin_otlp.resource import Place, place_of
from causely_plugin_otlp.whereabouts import Clues, Whereabouts

_MAX_KNOWN = 10_000
"""Resources remembered; exporters repeat theirs with every request."""
MAX_BYTES = 16_384
"""Longer resources are read each time."""


@frozen
class _Read:
    """A resource that was read: what tells where it is, where that was, and the place that it makes."""

    clues: Clues
    found: Whereabouts
    place: Place


@define
class Places:
    """Reads resources once and keeps what they name alive.

    Attributes:
        topology: where the entities and relations of a place are noted.
        aliases: tell where resources are.
        peer: IP address of whoever sends; set it before each request.
    """

    topology: LiveTopology
    aliases: Aliases = field(factory=Aliases)
    peer: str = ""
    _known: dict[tuple[bytes, str], _Read] = field(factory=dict, init=False)
    _heard: PeersHeard = field(factory=PeersHeard, init=False)
    _called: dict[EntityId, str] = field(factory=dict, init=False)
    _version: tuple[int, int] = field(default=(0, 0), init=False)

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

    def refresh(self, now: float) -> frozenset[EntityId]:
        """Look again where resources are if more is known of that by now; what has moved counts as seen at ``now``.

        Returns:
            What was told of them and does not hold any more; it is dropped from the topology.
        """
        version = (self.aliases.version, self._heard.mixed)
        if version == self._version:
            return frozenset()
        self._version = version
        moved = {key: read for key, read in self._known.items() if self._find(read.clues) != read.found}
        for key in moved:
            del self._known[key]
        # Who is known by an address has to speak again: somebody else may be there by now.
        for resource in [resource for resource, peer in moved if not peer]:
            self._noted(self._place(resource), now)
        kept = {id for read in self._known.values() for id in _named(read.place)}
        gone = frozenset(id for read in moved.values() for id in _named(read.place)) - kept
        for id in gone:
            self.topology.drop(id)
        return gone

    def _noted(self, place: Place, now: float) -> Place:
        for entity in place.entities:
            self.topology.add(entity, now)
        self.topology.relate(place.relations, now)
        return place

    def _place(self, resource: bytes) -> Place:
        read = self._known.get((resource, self.peer)) or self._known.get((resource, ""))
        if read is not None:
            return read.place
        read = self._read(plain(Resource.FromString(resource).attributes))
        if len(resource) > MAX_BYTES:
            return read.place
        if len(self._known) >= _MAX_KNOWN:
            self._known.clear()
        self._known[resource, read.clues.peer] = read
        return read.place

    def _read(self, attributes: Attributes) -> _Read:
        clues = Clues.of(attributes, self.peer)
        if pod := clues.sender(self.aliases):
            self._heard.note(pod, text(attributes, semconv.SERVICE_NAME))
        found = self._find(clues)
        place = place_of(attributes, found, clues.peer)
        return _Read(clues, found, self._one_name(place) if found.service else place)

    def _find(self, clues: Clues) -> Whereabouts:
        trusted = clues.without_peer() if self._heard.is_mixed(clues.sender(self.aliases)) else clues
        return trusted.find(self.aliases)

    def _one_name(self, place: Place) -> Place:
        """Of several names that processes of one container give themselves, the first is shown, not all in turns."""
        if len(self._called) >= _MAX_KNOWN:
            self._called.clear()
        called = self._called.setdefault(place.service, place.speaker.name)
        return place if called == place.speaker.name else place.called(called)


def _named(place: Place) -> set[EntityId]:
    return {place.service, *(entity.id for entity in place.entities)}
