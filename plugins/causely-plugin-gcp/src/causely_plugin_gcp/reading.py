"""Reading pages of assets: what they tell of the services that are watched. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field

from causely_core.model import Entity
from causely_plugin_gcp.asset import Asset
from causely_plugin_gcp.found import Found
from causely_plugin_gcp.service import Service

if TYPE_CHECKING:
    from causely_plugin_gcp.config import GcpConfig

_EVERYWHERE = frozenset(("global", "us", "eu", "asia"))


@define
class Reading:
    """Reads what the settings want, and counts what it cannot read.

    Attributes:
        services: which are watched.
        unreadable: assets that are not written as they should be.
    """

    config: GcpConfig
    services: tuple[Service, ...]
    unreadable: int = field(default=0, init=False)

    @property
    def types(self) -> list[str]:
        """The asset types that are wanted."""
        return sorted({kind for service in self.services for kind in service.kinds})

    def read(self, page: Iterable[Any], project: str) -> Iterator[Found]:
        """What a page tells."""
        for each in page:
            found = self._found(each, project)
            if found is not None:
                yield found

    def _found(self, each: Any, project: str) -> Found | None:
        try:
            asset = Asset.read(each, project)
            kind = next(service.kinds[asset.type] for service in self.services if asset.type in service.kinds)
            found = kind(asset)
        except (LookupError, TypeError, ValueError, AttributeError, StopIteration):
            self.unreadable += 1
            return None
        if found.entity is None:
            return found
        return self._shown(found, found.entity, asset) if self._wanted(asset) else None

    def _wanted(self, asset: Asset) -> bool:
        config, labels = self.config, asset.labels
        near = not config.regions or asset.region in config.regions or asset.region in _EVERYWHERE
        return near and all(labels.get(name) == value for name, value in config.labels.items())

    def _shown(self, found: Found, entity: Entity, asset: Asset) -> Found:
        labels = asset.labels
        shown = {f"gcp.label.{name}": labels[name] for name in self.config.shown_labels if name in labels}
        return evolve(found, entity=evolve(entity, attributes={**entity.attributes, **shown})) if shown else found
