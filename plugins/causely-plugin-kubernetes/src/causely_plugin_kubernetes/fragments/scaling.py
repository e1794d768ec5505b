"""Between how many replicas a workload is scaled."""

from __future__ import annotations

from causely_core.model import Entity, EntityType
from causely_plugin_kubernetes.fragments.fragment import Fragment, Object, fragment_of


def autoscaler(found: Object) -> Fragment:
    """A HorizontalPodAutoscaler."""
    about, spec = found["metadata"], found.get("spec") or {}
    target = spec.get("scaleTargetRef") or {}
    if not (target.get("kind") and target.get("name")):
        return fragment_of(found)
    described = {
        "k8s.hpa.name": about["name"],
        "k8s.hpa.min_replicas": str(spec.get("minReplicas", 1)),
        "k8s.hpa.max_replicas": str(spec.get("maxReplicas", "")),
    }
    scaled = f"{about['namespace']}/{target['kind']}/{target['name']}"
    return fragment_of(found, notes=(Entity.of(EntityType.WORKLOAD, scaled, attributes=described),))
