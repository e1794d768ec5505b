"""Names of operations that services serve, without what turns out to be an identifier."""

from __future__ import annotations

from collections.abc import Container, Iterator

from attrs import define, field

from causely_core.model import EntityId
from causely_core.traffic.paths import Paths


@define
class Operations:
    """Operations by service."""

    _paths: dict[EntityId, Paths] = field(factory=dict, init=False)
    _given: dict[EntityId, set[str]] = field(factory=dict, init=False)

    def named(self, service: EntityId, operation: str) -> str:
        """The name of an operation: of ``GET /carts/ann`` with the path as the service's :class:`Paths` tell it."""
        verb, space, path = operation.partition(" ")
        if path.startswith("/"):
            operation = f"{verb}{space}{self._paths.setdefault(service, Paths()).name(path)}"
        self._given.setdefault(service, set()).add(operation)
        return operation

    def void(self) -> Iterator[tuple[EntityId, str]]:
        """Services and names that were given and are no names any more; each is told once."""
        for service, paths in self._paths.items():
            if paths.merged:
                paths.merged = False
                for name in sorted(self._given[service]):
                    if self.named(service, name) != name:
                        self._given[service].discard(name)
                        yield service, name

    def keep(self, services: Container[EntityId]) -> None:
        """Forget services that are not in ``services``."""
        for service in [service for service in self._given if service not in services]:
            self._given.pop(service)
            self._paths.pop(service, None)
