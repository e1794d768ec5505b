"""Rules: what the series of one query mean."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from causely_plugin_prometheus.mapping.template import Template

UNITS: Mapping[str, float] = {
    "s": 1.0,
    "ms": 1e-3,
    "us": 1e-6,
    "ns": 1e-9,
    "min": 60.0,
    "share": 1.0,
    "percent": 0.01,
    "By": 1.0,
    "KiBy": 2.0**10,
    "MiBy": 2.0**20,
    "GiBy": 2.0**30,
    "kBy": 1e3,
    "MBy": 1e6,
    "GBy": 1e9,
    "1/s": 1.0,
    "1/min": 1.0 / 60.0,
    "1": 1.0,
}
"""What a value in a unit is to be multiplied by to be one of docs/attributes.md."""


@frozen
class Link:
    """A relation of the entity of a series.

    Attributes:
        type: of the relation.
        target_type: of the entity at its other end.
        key: of that entity.
        inverse: whether the relation is from that entity to this one.
    """

    type: str
    target_type: str
    key: Template
    inverse: bool = False


@frozen
class Rule:
    """What the series of one query mean.

    Attributes:
        query: in PromQL; ``$window`` stands for the range that rates are taken over.
        entity: the type of the entity that each series is of.
        key: of the entity.
        name: of the entity; none for the last part of its key.
        attributes: that describe the entity.
        links: its relations.
        observe: the attribute that the values are of; empty when they mean nothing.
        scale: what they are multiplied by.
        absent: the value, scaled already, that an entity has whose series has gone, while it is known; none when
            there is nothing to say.
        place: where it is written, ``file:line``.
    """

    query: str
    entity: str
    key: Template
    name: Template | None = None
    attributes: Mapping[str, Template] = field(factory=dict, hash=False)
    links: tuple[Link, ...] = ()
    observe: str = ""
    scale: float = 1.0
    absent: float | None = None
    place: str = field(default="", eq=False)

    def asked(self, window: str) -> str:
        """The query with the range, such as ``2m``, put in."""
        return self.query.replace("$window", window)
