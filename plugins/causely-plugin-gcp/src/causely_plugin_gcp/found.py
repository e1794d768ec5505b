"""What one resource tells of the topology. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from causely_core.model import Entity, EntityId
from causely_plugin_gcp.asset import Asset


@frozen
class Link:
    """A relation to another resource, which may be known or not.

    Attributes:
        type: of the relation.
        target: the full name of the resource, beginning with ``//``, or the id of an entity.
        inverse: whether the relation is from there to here.
    """

    type: str
    target: str
    inverse: bool = False


@frozen
class Found:
    """A resource.

    Attributes:
        name: its full name.
        entity: what it is; none for what only leads from one to another, as backend services do.
        links: its relations; those to what is no entity are passed on to what that leads to.
        hosts: names and addresses that are its alone.
        aliases: ids by which others call it.
        keys: what its metrics are found by; see :class:`~causely_plugin_gcp.metric.Metric`.
        shared_keys: keys of metrics that are of another resource: by key the full name of that.
        backends: links to its groups of endpoints, where it is a backend service.
        limits: the most that it may have of what is measured, by name.
        values: what its description says of how it is, by attribute.
    """

    name: str
    entity: Entity | None = None
    links: tuple[Link, ...] = ()
    hosts: tuple[str, ...] = ()
    aliases: tuple[EntityId, ...] = ()
    keys: tuple[str, ...] = ()
    shared_keys: Mapping[str, str] = field(factory=dict)
    backends: tuple[str, ...] = ()
    limits: Mapping[str, float] = field(factory=dict)
    values: Mapping[str, float] = field(factory=dict)


def entity(asset: Asset, type: str, service: str, described: Mapping[str, object] | None = None) -> Entity:
    """What ``asset`` is, with the parts of its description that are there."""
    known = {
        "cloud.provider": "gcp",
        "cloud.account.id": asset.project,
        "cloud.region": asset.region,
        **(described or {}),
    }
    key = f"gcp/{asset.project}/{asset.location}/{service}/{asset.short}"
    return Entity.of(type, key, asset.short, {name: str(value) for name, value in known.items() if value})


def given(values: Iterable[object]) -> tuple[str, ...]:
    """Those that are there, as strings, each once."""
    return tuple(dict.fromkeys(str(value) for value in values if value))
