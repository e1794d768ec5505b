"""Finding the entities of a topology that traces speak of, and adding those that it lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from ipaddress import ip_address

from attrs import define, field

from causely_core.incidents.reading.conventions import CACHES, Peer
from causely_core.incidents.reading.spans import ServiceName
from causely_core.model import Entity, EntityId, EntityType

_ANSWERING = (
    EntityType.SERVICE,
    EntityType.LOAD_BALANCER,
    EntityType.CLOUD_SERVICE,
    EntityType.EXTERNAL_SERVICE,
    EntityType.DATABASE,
    EntityType.CACHE,
)
"""Types of what answers requests, in the order in which a name is looked for among them."""
_EXTERNAL = EntityType.EXTERNAL_SERVICE
_STORES = (EntityType.DATABASE, EntityType.CACHE)


@define
class Directory:
    """Entities by their names.

    Attributes:
        added: entities that were asked for and not in the topology, by id.
    """

    added: dict[EntityId, Entity] = field(factory=dict, init=False)
    _answering: tuple[str, ...] = _ANSWERING
    _known: dict[tuple[str, str], EntityId] = field(factory=dict, init=False)
    _named: dict[tuple[str, str], set[EntityId]] = field(factory=dict, init=False)

    @classmethod
    def of(cls, entities: Collection[Entity]) -> Directory:
        """Of the entities of a topology; those of plugins' own types may be services, too."""
        own = sorted({entity.type for entity in entities} - set(EntityType))
        directory = cls((*_ANSWERING, *own))
        for entity in entities:
            directory._note(entity)
        return directory

    def service(self, name: ServiceName) -> EntityId:
        """Who reports its spans under ``name``."""
        full = f"{name.namespace}/{name.name}" if name.namespace else name.name
        found = self._find((full, name.name), self._answering)
        if found is None:
            entity = Entity.of(EntityType.SERVICE, full, name.name, {"service.name": name.name})
            self._note(entity)
            return self._add(entity)
        return found

    def peer(self, peer: Peer, caller: EntityId) -> EntityId:
        """Whom ``caller``'s client spans went to.

        Args:
            peer: what they say of it; no service is known to have answered there.
            caller: who has a store that tells no address to itself.
        """
        names = tuple(_names(peer))
        found = self._find(names, (*_STORES, *self._answering) if peer.store else self._answering)
        if found is None and peer.store:
            found = self._find((peer.namespace,), _STORES)
        return found or self._add(_store(peer, caller) if peer.store else Entity.of(_EXTERNAL, names[0]))

    def _find(self, names: Iterable[str], types: Sequence[str]) -> EntityId | None:
        """The first that is meant by one of ``names``: by its id, or by a name that it alone of its type has."""
        keys = [(type, name) for name in names for type in types]
        for key in keys:
            meant = {self._known[key]} if key in self._known else self._named.get(key, set())
            if len(meant) == 1:
                return next(iter(meant))
        return None

    def _add(self, entity: Entity) -> EntityId:
        self.added[entity.id] = entity
        return entity.id

    def _note(self, entity: Entity) -> None:
        self._known[entity.type, entity.id] = entity.id
        self._known[entity.type, entity.id.removeprefix(f"{entity.type}:")] = entity.id
        self._named.setdefault((entity.type, entity.name), set()).add(entity.id)


def _store(peer: Peer, caller: EntityId) -> Entity:
    where = peer.service or _place(peer) or caller
    key = "/".join(part for part in (peer.store, where, peer.namespace) if part)
    type = EntityType.CACHE if peer.store in CACHES else EntityType.DATABASE
    return Entity.of(type, key, peer.namespace or peer.store, {"db.system.name": peer.store})


def _names(peer: Peer) -> Iterable[str]:
    """What it may be called, the most telling first."""
    if peer.service:
        yield peer.service
    if peer.host:
        yield from (_place(peer), peer.host)
        if not _is_ip(peer.host):
            yield peer.host.partition(".")[0]


def _place(peer: Peer) -> str:
    return f"{peer.host}:{peer.port}" if peer.port else peer.host


def _is_ip(host: str) -> bool:
    try:
        return bool(ip_address(host.strip("[]")))
    except ValueError:
        return False
