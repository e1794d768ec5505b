"""Whether claims of volumes get one."""

from __future__ import annotations

from causely_core.model import EntityType, Series, entity_id
from causely_plugin_kubernetes.conditions.reading import Object, key, seconds, status
from causely_plugin_kubernetes.conditions.told import Told, Value

PROVISIONED = 60.0
"""Seconds that a volume may take to be made."""

_ASKED = ("volume.kubernetes.io/storage-provisioner", "volume.beta.kubernetes.io/storage-provisioner")


def claim(found: Object) -> Told:
    """A PersistentVolumeClaim. One for which nobody was asked to make a volume waits for a pod, and that is well."""
    about = found["metadata"]
    asked = any(each in (about.get("annotations") or {}) for each in _ASKED)
    waits = status(found).get("phase") == "Lost" or (asked and status(found).get("phase") == "Pending")
    begun = seconds(about.get("creationTimestamp"))
    of = entity_id(EntityType.DISK, key(found))
    return Told(key(found), (Value(Series(of, "claim_pending"), float(waits), PROVISIONED, begun),))
