"""Disks that only the kubelet sees: volumes from a network, and all of them where the node's files cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from attrs import evolve, frozen

from causely_core.host import HostRoot, PodInfo, container_of, disks
from causely_core.model import Entity, EntityId, EntityType, Relation, RelationType
from causely_plugin_host.disks import capacity
from causely_plugin_host.kubelet.summary import FileSystem, Summary


@frozen
class KubeletDisk:
    """A file system as a disk.

    Attributes:
        entity: the Disk: ``<namespace>/<claim>`` for a volume, the same on whichever node it is; for the node's own
            ``<node>/nodefs`` and ``<node>/imagefs``, as the kubelet calls them.
        told: how full it is.
        relations: the node that it is part of, or the containers that can write to it.
    """

    entity: Entity
    told: FileSystem
    relations: tuple[Relation, ...]

    @property
    def of_node(self) -> bool:
        """Whether it is the node's own."""
        return any(relation.type == RelationType.PART_OF for relation in self.relations)


def kubelet_disks(root: HostRoot, node: Entity, pods: Mapping[str, PodInfo], summary: Summary) -> list[KubeletDisk]:
    """Those that the agent does not see itself: a file system that is as large, to the byte, as a disk is that disk.

    Args:
        root: where the node's disks are looked for.
        node: it.
        pods: by their UID.
        summary: what the kubelet tells.
    """
    seen = {size for disk in disks(root, node.name) if (size := capacity(root, disk))}
    found: dict[EntityId, KubeletDisk] = {}
    for each in (*_of_node(node, summary), *_of_pods(pods, summary)):
        if each.told.capacity and each.told.capacity not in seen:
            # One volume may be in several pods.
            known = found.get(each.entity.id, each)
            found[each.entity.id] = evolve(each, relations=tuple(dict.fromkeys((*known.relations, *each.relations))))
    return list(found.values())


def _of_node(node: Entity, summary: Summary) -> Iterator[KubeletDisk]:
    file_systems = {"nodefs": summary.node}
    if summary.images.capacity != summary.node.capacity:
        file_systems["imagefs"] = summary.images
    for name, told in file_systems.items():
        entity = Entity.of(EntityType.DISK, f"{node.name}/{name}", name)
        yield KubeletDisk(entity, told, (Relation(entity.id, RelationType.PART_OF, node.id),))


def _of_pods(pods: Mapping[str, PodInfo], summary: Summary) -> Iterator[KubeletDisk]:
    for stored in summary.pods:
        with suppress(KeyError):
            pod = pods[stored.uid]
            for claim, told in stored.claims.items():
                described = {"k8s.persistentvolumeclaim.name": claim, "k8s.namespace.name": pod.namespace}
                entity = Entity.of(EntityType.DISK, f"{pod.namespace}/{claim}", claim, described)
                writers = (container_of(pod, name).id for name in pod.claims.get(claim, ()))
                yield KubeletDisk(
                    entity, told, tuple(Relation(writer, RelationType.STORES_ON, entity.id) for writer in writers)
                )
