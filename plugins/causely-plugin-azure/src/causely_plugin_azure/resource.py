"""A resource as Azure describes it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen


@frozen
class Resource:
    """One resource, or a thing in one.

    Attributes:
        id: of Azure Resource Manager, with its own letters.
        type: in small letters, ``microsoft.cache/redis``.
        name: its own, without those of what it is in.
        subscription: its id.
        group: the resource group, in small letters.
        location: Azure's name of the region, in small letters.
        kind: as Azure tells it, in small letters.
        sku: likewise, by its own names.
        tags: they.
        properties: those that the services want, by their first names.
    """

    id: str
    type: str
    name: str
    subscription: str = ""
    group: str = ""
    location: str = ""
    kind: str = ""
    sku: Mapping[str, Any] = field(factory=dict, hash=False)
    tags: Mapping[str, str] = field(factory=dict, hash=False)
    properties: Mapping[str, Any] = field(factory=dict, hash=False)

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Resource | None:
        """Out of a row of Resource Graph or an answer of Azure Resource Manager; none when it is no resource."""
        id, type = _text(row.get("id")), _text(row.get("type")).lower()
        if not id.startswith("/subscriptions/") or not type:
            return None
        parts = id.split("/")
        group = parts[4].lower() if len(parts) > 4 and parts[3].lower() == "resourcegroups" else ""
        return cls(
            id,
            type,
            parts[-1],
            parts[2].lower(),
            group,
            _text(row.get("location")).lower().replace(" ", ""),
            _text(row.get("kind")).lower(),
            _object(row.get("sku")),
            {name: value for name, value in _object(row.get("tags")).items() if isinstance(value, str)},
            _object(row.get("properties")),
        )

    @property
    def known_by(self) -> str:
        """What it is compared by: Azure's ids are the same whatever the size of their letters."""
        return self.id.lower()

    @property
    def parent(self) -> str:
        """The ``known_by`` of what it is in; empty when it is in nothing but a group."""
        parts = self.known_by.split("/")
        return "/".join(parts[:-2]) if self.type.count("/") > 1 else ""

    def at(self, *names: str) -> Any:
        """The property below these names; none when there is none."""
        found: Any = self.properties
        for name in names:
            found = found.get(name) if isinstance(found, Mapping) else None
        return found

    def text(self, *names: str) -> str:
        """The same, where only a text will do; empty when it is none."""
        return _text(self.at(*names))

    def number(self, *names: str) -> float:
        """The same, where only a number will do; zero when it is none."""
        found = self.at(*names)
        return float(found) if isinstance(found, int | float) else 0.0

    def objects(self, *names: str) -> Iterator[Mapping[str, Any]]:
        """The same, where only a list of objects will do."""
        found = self.at(*names)
        return (each for each in (found if isinstance(found, list) else ()) if isinstance(each, Mapping))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
