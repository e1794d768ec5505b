"""Names of hosts out of what Azure tells. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from causely_core.model import EntityId, EntityType, Relation, entity_id
from causely_core.polling import same


def host(address: str) -> str:
    """The host of ``https://host:port/``; empty when there is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def database_at(systems: tuple[str, ...], hosts: list[str], port: int, name: str, id: EntityId) -> Iterator[Relation]:
    """Whoever speaks of the database ``name`` at one of ``hosts`` means ``id``; others on the host are none of its.

    Args:
        systems: as OpenTelemetry calls the kind of database, now and in earlier years.
        hosts: names or addresses of the server.
        port: where it listens.
        name: the database's.
        id: its entity.
    """
    for system in systems:
        for each in hosts:
            for where in (each, f"{each}:{port}"):
                yield same(entity_id(EntityType.DATABASE, f"{system}/{where}/{name}"), id)
