"""The services: a module for each family, and the table of all. To add one, write a module and name it here."""

from __future__ import annotations

from collections.abc import Iterable

from causely_plugin_azure.service import Service
from causely_plugin_azure.services import (
    aks,
    app_service,
    application_gateway,
    cosmos,
    event_hubs,
    machines,
    network,
    postgresql,
    redis,
    service_bus,
    sql,
)

SERVICES: tuple[Service, ...] = (
    network.INTERFACES,
    network.ENDPOINTS,
    aks.SERVICE,
    machines.MACHINES,
    machines.SETS,
    machines.INSTANCES,
    machines.DISKS,
    sql.SERVERS,
    sql.DATABASES,
    postgresql.SERVICE,
    cosmos.SERVICE,
    redis.SERVICE,
    service_bus.SERVICE,
    service_bus.QUEUES,
    service_bus.TOPICS,
    event_hubs.SERVICE,
    event_hubs.HUBS,
    app_service.PLANS,
    app_service.APPS,
    app_service.FUNCTIONS,
    application_gateway.SERVICE,
)
"""All of them."""

NAMES: tuple[str, ...] = tuple(sorted({service.name for service in SERVICES if service.entity}))
"""What the setting ``services`` may name."""


def chosen(names: Iterable[str]) -> tuple[Service, ...]:
    """The services of these names, and what tells where they are; all when there is no name."""
    wanted = {*names}
    always = (network.INTERFACES, network.ENDPOINTS)
    return tuple(each for each in SERVICES if not wanted or each in always or each.name in wanted)
