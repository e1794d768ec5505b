"""The ledger: for each thing that can happen, the recorder's code under which it counts.

A code leads to the rows that one request counts towards; asking for it creates entities and relations.
"""

from __future__ import annotations

from attrs import define, field

from causely_core.model import Entity, EntityId, EntityType, Relation, RelationType, entity_type
from causely_core.traffic.live_topology import LiveTopology
from causely_core.traffic.naming import OTHER
from causely_core.traffic.recorder import Recorder
from causely_core.traffic.rows import Family, Rows

_SYNC, _ASYNC = {"mode": "sync"}, {"mode": "async"}
_ACCESS = {"read": Family.READ, "write": Family.WRITE}


@define
class Ledger:
    """Codes by what happened.

    Attributes:
        topology: where entities are created.
        recorder: whose codes these are.
        rows: what the codes count towards.
        max_operations: operations of one service or database; further ones count as ``{other}``.
        now: the time of arrival, seconds since the epoch; set it before each request.
    """

    topology: LiveTopology
    recorder: Recorder
    rows: Rows
    max_operations: int
    now: float = 0.0
    _codes: dict[tuple[str, ...], int] = field(factory=dict, init=False)
    _operations: dict[EntityId, set[str]] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        """Take the first slot: code 0 counts towards nothing, for what there is no room for."""
        self.recorder.slot()

    def reset(self) -> None:
        """Forget all codes, after rows were dropped; the recorder must be drained."""
        self.recorder.reset()
        self.recorder.slot()
        self._codes.clear()
        self._operations.clear()

    def served(self, service: EntityId, operation: str) -> int:
        """A service served a request."""
        rows = self._row(service, Family.SERVED), self._operation(service, operation)
        return self._code(("served", service, operation), *rows)

    def called(self, caller: EntityId, callee: EntityId) -> int:
        """A caller saw its request to a service, known or external, end."""
        key = ("called", caller, callee)
        return self._codes.get(key) or self._code(key, *self._edge(caller, Entity.of(*_split(callee)), Family.REACHED))

    def connected(self, caller: EntityId, callee: EntityId) -> None:
        """A caller holds a connection to a service, known or external, of which no more is known than that."""
        if self.topology.add(Entity.of(*_split(callee)), self.now, rank=-1):
            self.topology.relate([Relation(caller, RelationType.CALLS, callee, _SYNC)], self.now)

    def waited(self, caller: EntityId) -> int:
        """A caller saw its request to whomever end."""
        return self._code(("waited", caller), self._row(caller, Family.WAITED))

    def looked_up(self, service: EntityId) -> int:
        """A service saw a name it had asked the DNS for be answered, or not."""
        return self._code(("looked up", service), self._row(service, Family.LOOKED_UP))

    def queried(self, caller: EntityId, store: Entity, operation: str, access: str) -> int:
        """A caller saw its statement to a database or cache end; ``access`` is read, write or empty."""
        key = ("queried", caller, store.id, operation, access)
        return self._codes.get(key) or self._code(key, *self._statement(caller, store, operation, access))

    def published(self, producer: EntityId, queue: Entity) -> int:
        """A service published a message."""
        rows = self._stream(producer, RelationType.PRODUCES_TO, queue)
        if rows:
            rows.append(self._row(queue.id, Family.PUBLISHED))
        return self._code(("published", producer, queue.id), *rows)

    def processed(self, consumer: EntityId, queue: Entity, operation: str) -> int:
        """A service processed a message."""
        rows = self._stream(consumer, RelationType.CONSUMES_FROM, queue)
        if rows:
            rows.append(self._row(queue.id, Family.PROCESSED))
        rows += [self._row(consumer, Family.PROCESSING), self._operation(consumer, operation)]
        return self._code(("processed", consumer, queue.id, operation), *rows)

    def received(self, consumer: EntityId, queue: Entity) -> int:
        """A service took messages off a queue, without processing them yet."""
        rows = self._stream(consumer, RelationType.CONSUMES_FROM, queue)
        return self._code(("received", consumer, queue.id), *rows)

    def aged(self, queue: EntityId) -> int:
        """A message was some time in a queue."""
        key = ("aged", queue)
        return self._codes.get(key) or self._code(key, self._row(queue, Family.AGE))

    def _code(self, key: tuple[str, ...], *rows: int | None) -> int:
        wanted = [row for row in rows if row is not None]
        if not wanted:
            return 0
        code = self._codes.get(key)
        if code is None:
            code = self._codes[key] = self.recorder.slot(*wanted)
        return code

    def _row(self, entity: EntityId, family: Family) -> int | None:
        return self.rows.row(entity, family) if entity in self.topology else None

    def _edge(self, caller: EntityId, callee: Entity, family: Family) -> list[int | None]:
        if not self.topology.add(callee, self.now, rank=-1):
            return []
        return [self.rows.row(callee.id, family), self._dependency(caller, callee)]

    def _dependency(self, caller: EntityId, callee: Entity) -> int:
        """The row of what the caller sees of the callee; without room for it, one that keeps the call alive."""
        _, key, name = _split(caller)
        entity = Entity.of(EntityType.DEPENDENCY, f"{key} > {callee.id}", f"{name} > {callee.name}")
        room = caller in self.topology and self.topology.add(entity, self.now)
        calls = Relation(caller, RelationType.CALLS, callee.id, _SYNC)
        part_of = Relation(entity.id, RelationType.PART_OF, caller)
        relations = calls, part_of, Relation(entity.id, RelationType.CALLS, callee.id, _SYNC)
        self.topology.relate(relations, self.now)
        if not room:
            return self.rows.row(callee.id, Family.SEEN, calls)
        return self.rows.row(entity.id, Family.ASKED, *relations)

    def _statement(self, caller: EntityId, store: Entity, operation: str, access: str) -> list[int | None]:
        rows = self._edge(caller, store, Family.CALLED)
        if rows:
            rows.append(self._operation(store.id, operation))
            if store.type == EntityType.DATABASE and access:
                rows.append(self._row(store.id, _ACCESS[access]))
        rows.append(self._row(caller, Family.WAITED))
        return rows

    def _stream(self, service: EntityId, type: RelationType, queue: Entity) -> list[int | None]:
        if not self.topology.add(queue, self.now):
            return []
        relation = Relation(service, type, queue.id, _ASYNC)
        self.topology.relate([relation], self.now)
        return [self.rows.row(queue.id, Family.SEEN, relation)]

    def _operation(self, owner: EntityId, name: str) -> int | None:
        if owner not in self.topology:
            return None
        known = self._operations.setdefault(owner, set())
        name = name if name in known or len(known) < self.max_operations else OTHER
        known.add(name)
        entity = operation_of(owner, name)
        if not self.topology.add(entity, self.now):
            return None
        relation = Relation(entity.id, RelationType.PART_OF, owner)
        self.topology.relate([relation], self.now)
        return self.rows.row(entity.id, Family.SERVED, relation)


def operation_of(owner: EntityId, name: str) -> Entity:
    """An operation of a service, database or cache."""
    return Entity.of(EntityType.OPERATION, f"{_split(owner)[1]}:{name}", name)


def _split(id: EntityId) -> tuple[str, str, str]:
    type, key = entity_type(id), id.partition(":")[2]
    return type, key, key.rpartition("/")[2] if type == EntityType.SERVICE else key
