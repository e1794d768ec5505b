"""The services: a module for each family, and the table of all. To add one, write a module and name it here."""

from __future__ import annotations

from collections.abc import Iterable

from causely_plugin_azure.service import Service
from causely_plugin_azure.services import network, postgresql, service_bus

SERVICES: tuple[Service, ...] = (
    network.INTERFACES,
    network.ENDPOINTS,
    postgresql.SERVICE,
    service_bus.SERVICE,
    service_bus.QUEUES,
    service_bus.TOPICS,
)
"""All of them."""

NAMES: tuple[str, ...] = tuple(sorted({service.name for service in SERVICES if service.entity}))
"""What the setting ``services`` may name."""


def chosen(names: Iterable[str]) -> tuple[Service, ...]:
    """The services of these names, and what tells where they are; all when there is no name."""
    wanted = {*names}
    return tuple(each for each in SERVICES if not wanted or not each.entity or each.name in wanted)
