"""The tables of entities and relations; the same rules as ``Topology.apply``, on rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select

from causely_core.model import Entity, EntityId, Relation, TopologyDelta
from causely_core.storage.schema import entities, relations, topology_sources

_TABLES = (topology_sources, entities, relations)
_ENTITY_KEY = ("sender", "source", "id")
_RELATION_KEY = ("sender", "source", "from_entity", "type", "to_entity")


def write_topology(connection: Connection, sender: str, delta: TopologyDelta) -> None:
    """Merge ``delta`` into what ``sender`` said, unless its version was seen already."""
    if not delta.snapshot and delta.version <= _version(connection, sender, delta.source):
        return
    if delta.snapshot:
        _forget(connection, sender, delta.source)
    _write_version(connection, sender, delta)
    said = {"sender": sender, "source": delta.source}
    for table, key, (gone, rows) in (
        (entities, _ENTITY_KEY, _entity_rows(said, delta)),
        (relations, _RELATION_KEY, _relation_rows(said, delta)),
    ):
        # A snapshot has nothing left to delete, and is large.
        _replace(connection, table, key, [] if delta.snapshot else gone, rows)


def forget_topology(connection: Connection, sender: str) -> None:
    """Delete all that ``sender`` said about the topology."""
    for table in _TABLES:
        connection.execute(delete(table).where(table.c.sender == sender))


def read_topologies(connection: Connection) -> dict[str, list[TopologyDelta]]:
    """One snapshot a source, by sender."""
    things: dict[tuple[str, str], list[Entity]] = defaultdict(list)
    for row in connection.execute(select(entities)):
        things[row.sender, row.source].append(Entity(EntityId(row.id), row.type, row.name, row.attributes))
    edges: dict[tuple[str, str], list[Relation]] = defaultdict(list)
    for row in connection.execute(select(relations)):
        edge = Relation(EntityId(row.from_entity), row.type, EntityId(row.to_entity), row.attributes)
        edges[row.sender, row.source].append(edge)
    found: dict[str, list[TopologyDelta]] = defaultdict(list)
    for sender, source, version in connection.execute(select(topology_sources)):
        key = sender, source
        snapshot = TopologyDelta(source, version, tuple(things[key]), tuple(edges[key]), snapshot=True)
        found[sender].append(snapshot)
    return dict(found)


def _version(connection: Connection, sender: str, source: str) -> int:
    t = topology_sources
    query = select(t.c.version).where(t.c.sender == sender, t.c.source == source)
    found = connection.execute(query).scalar()
    return -1 if found is None else found


def _forget(connection: Connection, sender: str, source: str) -> None:
    for table in _TABLES:
        connection.execute(delete(table).where(table.c.sender == sender, table.c.source == source))


def _write_version(connection: Connection, sender: str, delta: TopologyDelta) -> None:
    key = {"sender": sender, "source": delta.source}
    _replace(connection, topology_sources, ("sender", "source"), [key], [{**key, "version": delta.version}])


_Rows = list[dict[str, Any]]


def _entity_rows(said: dict[str, str], delta: TopologyDelta) -> tuple[_Rows, _Rows]:
    """Keys of rows to delete, and rows to insert after that."""
    upserts = {entity.id: entity for entity in delta.entities}
    rows = [
        {**said, "id": e.id, "type": e.type, "name": e.name, "attributes": dict(e.attributes)} for e in upserts.values()
    ]
    gone = dict.fromkeys((*delta.deleted_entities, *upserts))
    return [{**said, "id": id} for id in gone], rows


def _relation_rows(said: dict[str, str], delta: TopologyDelta) -> tuple[_Rows, _Rows]:
    """Keys of rows to delete, and rows to insert after that."""
    upserts = {_relation_key(said, relation): relation for relation in delta.relations}
    rows = [
        {**dict(zip(_RELATION_KEY, key, strict=True)), "attributes": dict(relation.attributes)}
        for key, relation in upserts.items()
    ]
    deleted = (_relation_key(said, relation) for relation in delta.deleted_relations)
    gone = dict.fromkeys((*deleted, *upserts))
    return [dict(zip(_RELATION_KEY, key, strict=True)) for key in gone], rows


def _relation_key(said: dict[str, str], relation: Relation) -> tuple[str, ...]:
    return said["sender"], said["source"], relation.source, relation.type, relation.target


def _replace(
    connection: Connection, table: Table, key: Iterable[str], gone: Sequence[dict[str, Any]], rows: _Rows
) -> None:
    """Delete the rows with a key in ``gone`` and insert ``rows``: an upsert that every dialect knows."""
    if gone:
        same = [table.c[name] == bindparam(f"key_{name}") for name in key]
        keys = [{f"key_{name}": value for name, value in row.items()} for row in gone]
        connection.execute(delete(table).where(*same), keys)
    if rows:
        connection.execute(insert(table), rows)
