"""What a cluster consists of: namespaces and nodes."""

from __future__ import annotations

from causely_core.model import Entity, EntityType, entity_id
from causely_core.polling import same
from causely_plugin_kubernetes.fragments.fragment import Fragment, Object, fragment_of, given, marks


def namespace(found: Object) -> Fragment:
    """A Namespace."""
    name = found["metadata"]["name"]
    return fragment_of(found, (Entity.of(EntityType.NAMESPACE, name, attributes=marks(found)),))


def node(found: Object) -> Fragment:
    """A Node, which is the machine that the provider knows."""
    about = found["metadata"]
    labels, told = about.get("labels") or {}, (found.get("status") or {}).get("nodeInfo") or {}
    described = {
        "k8s.node.uid": about.get("uid", ""),
        "host.arch": told.get("architecture", ""),
        "os.type": told.get("operatingSystem", ""),
        "cloud.region": labels.get("topology.kubernetes.io/region", ""),
        "cloud.availability_zone": labels.get("topology.kubernetes.io/zone", ""),
    }
    itself = Entity.of(EntityType.NODE, about["name"], attributes=given(described) | marks(found))
    machine = (found.get("spec") or {}).get("providerID") or ""
    known = [same(entity_id(EntityType.NODE, machine), itself.id)] if machine else []
    return fragment_of(found, (itself,), known)
