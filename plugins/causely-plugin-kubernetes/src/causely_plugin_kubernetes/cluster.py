"""The cluster itself: what it is called."""

from __future__ import annotations

from causely_core.kubernetes import ApiError, Client, Resource
from causely_core.model import Entity, EntityType

_NAMESPACES = Resource("", "v1", "namespaces")
_SYSTEM = "kube-system"
"""Every cluster has this namespace from its beginning to its end; OpenTelemetry takes its UID for the cluster's."""


async def cluster_of(client: Client, name: str) -> Entity | None:
    """The cluster, known by ``name`` or, where that is empty, by its UID; none when neither is known.

    Raises:
        ApiError: the API cannot be asked.
    """
    uid = await _uid(client)
    described = {"k8s.cluster.name": name, "k8s.cluster.uid": uid}
    told = {key: value for key, value in described.items() if value}
    return Entity.of(EntityType.CLUSTER, name or uid, attributes=told) if told else None


async def _uid(client: Client) -> str:
    """Empty when it may not be read."""
    try:
        # Listed, for who follows namespaces has that right; to get one is another.
        found = await client.get(_NAMESPACES.path(), {"fieldSelector": f"metadata.name={_SYSTEM}"})
    except ApiError as problem:
        if not problem.refused:
            raise
        return ""
    return next((str(each["metadata"]["uid"]) for each in found.get("items") or ()), "")
