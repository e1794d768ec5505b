"""How much is left of the quotas of namespaces."""

from __future__ import annotations

from collections.abc import Iterator

from causely_core.host import quantity
from causely_core.model import EntityType, Series, entity_id
from causely_plugin_kubernetes.conditions.reading import Object, key, status
from causely_plugin_kubernetes.conditions.told import Told, Value


def resource_quota(found: Object) -> Told:
    """A ResourceQuota, by its resource that is closest to its limit. Of what may not be had at all nothing is used."""
    share = max(_shares(found), default=0.0)
    return Told(key(found), parts=(Value(_used(found["metadata"]["namespace"]), share),))


def namespace(found: Object) -> Told:
    """A Namespace, of which nothing is used up while no quota tells otherwise."""
    return Told(key(found), parts=(Value(_used(found["metadata"]["name"]), 0.0),))


def _used(name: str) -> Series:
    return Series(entity_id(EntityType.NAMESPACE, name), "resource_quota_utilization")


def _shares(found: Object) -> Iterator[float]:
    used = status(found).get("used") or {}
    for resource, most in (status(found).get("hard") or {}).items():
        if limit := quantity(str(most)):
            yield quantity(str(used.get(resource, "0"))) / limit
