"""How much is left of the quotas of namespaces."""

from __future__ import annotations

from collections.abc import Iterator

from causely_core.host import quantity
from causely_core.model import EntityType, Series, entity_id
from causely_plugin_kubernetes.conditions.reading import Object, key, status
from causely_plugin_kubernetes.conditions.told import Told, Value


def resource_quota(found: Object) -> Told:
    """A ResourceQuota, by its resource that is closest to its limit. Of what may not be had at all nothing is used."""
    of = Series(entity_id(EntityType.NAMESPACE, found["metadata"]["namespace"]), "resource_quota_utilization")
    return Told(key(found), parts=(Value(of, max(_shares(found), default=0.0)),))


def _shares(found: Object) -> Iterator[float]:
    used = status(found).get("used") or {}
    for resource, most in (status(found).get("hard") or {}).items():
        if limit := quantity(str(most)):
            yield quantity(str(used.get(resource, "0"))) / limit
