"""What autoscalers do, and whether they have room."""

from __future__ import annotations

from causely_core.model import EntityType, Series, entity_id
from causely_plugin_kubernetes.conditions.reading import Object, holds, key, seconds, status
from causely_plugin_kubernetes.conditions.told import Happened, Told, Value


def autoscaler(found: Object) -> Told:
    """A HorizontalPodAutoscaler, told of what it scales."""
    target = (found.get("spec") or {}).get("scaleTargetRef") or {}
    if not (target.get("kind") and target.get("name")):
        return Told(key(found))
    of = entity_id(EntityType.WORKLOAD, f"{found['metadata']['namespace']}/{target['kind']}/{target['name']}")
    wants_more = holds(found, "ScalingLimited", "TooManyReplicas")
    scaled = Series(of, "autoscaling_count")
    last = seconds(status(found).get("lastScaleTime"))
    told = (Value(Series(of, "hpa_at_max"), float(wants_more)), Value(scaled, 0.0))
    return Told(key(found), told, happened=(Happened(scaled, last),))
