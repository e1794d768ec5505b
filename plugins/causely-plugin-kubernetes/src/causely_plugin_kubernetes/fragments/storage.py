"""Storage: claims are disks, known by their name, as the kubelet tells them."""

from __future__ import annotations

from causely_core.model import Entity, EntityId, EntityType, entity_id
from causely_core.polling import same
from causely_plugin_kubernetes.fragments.fragment import Fragment, Object, fragment_of, given, marks, part_of


def disk_id(within: str, claim: str) -> EntityId:
    """The id of the disk that a claim is."""
    return entity_id(EntityType.DISK, f"{within}/{claim}")


def claim(found: Object) -> Fragment:
    """A PersistentVolumeClaim."""
    about, spec = found["metadata"], found.get("spec") or {}
    within, name = about["namespace"], about["name"]
    described = {
        "k8s.persistentvolumeclaim.name": name,
        "k8s.namespace.name": within,
        "k8s.persistentvolume.name": spec.get("volumeName") or "",
        "k8s.storageclass.name": spec.get("storageClassName") or "",
    }
    itself = Entity.of(EntityType.DISK, f"{within}/{name}", name, given(described) | marks(found))
    return fragment_of(found, (itself,), [part_of(itself, within)])


def volume(found: Object) -> Fragment:
    """A PersistentVolume: what stores what its claim asked for, under the name that its driver gives to it."""
    spec = found.get("spec") or {}
    claimed, driver = spec.get("claimRef") or {}, spec.get("csi") or {}
    if not (claimed.get("namespace") and claimed.get("name")):
        return fragment_of(found)
    described = {
        "k8s.persistentvolume.name": found["metadata"]["name"],
        "k8s.persistentvolume.driver": driver.get("driver") or "",
        "k8s.persistentvolume.handle": driver.get("volumeHandle") or "",
    }
    disk = disk_id(claimed["namespace"], claimed["name"])
    handle = f"{driver.get('driver', '')}/{driver.get('volumeHandle', '')}"
    note = Entity.of(EntityType.DISK, f"{claimed['namespace']}/{claimed['name']}", attributes=given(described))
    known = [same(entity_id(EntityType.DISK, handle), disk)] if driver.get("volumeHandle") else []
    return fragment_of(found, relations=known, notes=(note,))
