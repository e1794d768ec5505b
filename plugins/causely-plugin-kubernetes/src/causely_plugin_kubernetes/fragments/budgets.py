"""How many pods may be away at once: PodDisruptionBudgets, which mean workloads by the labels of their pods."""

from __future__ import annotations

from causely_plugin_kubernetes.fragments.fragment import Fragment, Object, Selected, fragment_of, given


def disruption_budget(found: Object) -> Fragment:
    """A PodDisruptionBudget; one that selects by expressions is left out."""
    spec = found.get("spec") or {}
    selector = spec.get("selector")
    if selector is None or selector.get("matchExpressions"):
        return fragment_of(found)
    described = {
        "k8s.poddisruptionbudget.name": found["metadata"]["name"],
        "k8s.poddisruptionbudget.min_available": str(spec.get("minAvailable", "")),
        "k8s.poddisruptionbudget.max_unavailable": str(spec.get("maxUnavailable", "")),
    }
    labels = frozenset((selector.get("matchLabels") or {}).items())
    return fragment_of(found, selected=Selected(labels, given(described)))
