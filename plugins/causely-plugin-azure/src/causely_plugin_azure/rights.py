"""The least that Azure must allow, made of what the services ask for. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from causely_plugin_azure.services import chosen

GRAPH = "Microsoft.ResourceGraph/resources/read"
SUBSCRIPTIONS = "Microsoft.Resources/subscriptions/read"
METRICS = "Microsoft.Insights/metrics/read"
HEALTH = ("Microsoft.ResourceHealth/availabilityStatuses/read", "Microsoft.ResourceHealth/events/read")
LOGS = ("Microsoft.OperationalInsights/workspaces/query/read", "Microsoft.OperationalInsights/workspaces/query/*/read")


def actions(services: Iterable[str] = (), health: bool = True, logs: bool = False) -> list[str]:
    """What the credential must be allowed to do; all of it is reading.

    Args:
        services: names of services; all when there is none.
        health: whether Resource Health and Service Health are asked for.
        logs: whether a workspace is queried.
    """
    found = {GRAPH, SUBSCRIPTIONS, METRICS, *(right for service in chosen(services) for right in service.rights())}
    return sorted(found | {*(HEALTH if health else ())} | {*(LOGS if logs else ())}, key=str.lower)


def role(scopes: Iterable[str], allowed: Iterable[str]) -> dict[str, Any]:
    """A custom role, as ``az role definition create --role-definition`` takes it.

    Args:
        scopes: ``/subscriptions/<id>`` or ``/providers/Microsoft.Management/managementGroups/<name>``, where it may be
            assigned.
        allowed: actions.
    """
    return {
        "Name": "Causely reader",
        "IsCustom": True,
        "Description": "Reads which managed services there are, and how they are; nothing of what is in them.",
        "Actions": [*allowed],
        "NotActions": [],
        "DataActions": [],
        "NotDataActions": [],
        "AssignableScopes": [*scopes],
    }
