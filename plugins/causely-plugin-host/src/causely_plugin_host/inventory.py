"""What there is on the machine, as entities and relations."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve, field, frozen

from causely_core.host import Disk, Machine, Owner, disks, read
from causely_core.model import Entity, EntityType, Relation, RelationType, entity_type
from causely_plugin_host.disks import stored_on
from causely_plugin_host.kubelet.disks import KubeletDisk
from causely_plugin_host.sight import Group, Seen

_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm32", "i686": "x86", "ppc64le": "ppc64"}
"""OpenTelemetry's names where they are not those of the kernel."""


@frozen
class Inventory:
    """Turns what is seen into topology.

    Attributes:
        machine: that is looked at.
        node: it, with what describes it.
    """

    machine: Machine
    node: Entity = field(init=False)

    @node.default
    def _described(self) -> Entity:
        root, kernel = self.machine.root, os.uname().machine
        release = read(root.at("proc/sys/kernel/osrelease")).decode(errors="replace").strip()
        described = {
            "host.name": root.hostname,
            "host.arch": _ARCHITECTURES.get(kernel, kernel),
            "os.type": "linux",
            "os.version": release,
        }
        return evolve(self.machine.node, attributes={key: value for key, value in described.items() if value})

    def of(self, seen: Seen, told: Sequence[KubeletDisk] = ()) -> tuple[list[Entity], list[Relation]]:
        """All entities, those that others hang on first, and all relations.

        Args:
            seen: of the machine.
            told: disks that are not, by the kubelet.
        """
        found = disks(self.machine.root, self.node.name)
        entities = {self.node.id: self.node} | {disk.id: disk.entity for disk in found}
        entities |= {disk.entity.id: disk.entity for disk in told}
        relations = dict.fromkeys(Relation(disk.id, RelationType.PART_OF, self.node.id) for disk in found)
        for owner in _owners(seen):
            for entity in owner.entities:
                if self._is_there(entity, seen):
                    entities.setdefault(entity.id, entity)
            relations |= dict.fromkeys(owner.relations)
        relations |= dict.fromkeys(self._stores(seen.containers.values(), found))
        relations |= dict.fromkeys(relation for disk in told for relation in disk.relations)
        return list(entities.values()), list(relations)

    def _is_there(self, entity: Entity, seen: Seen) -> bool:
        """Of containers whose processes listen nowhere nobody knows yet whether they are services."""
        return entity.id in seen.services or entity_type(entity.id) != EntityType.SERVICE

    def _stores(self, containers: Iterable[Group], found: list[Disk]) -> Iterator[Relation]:
        for group in containers:
            if group.owner.container:
                for disk in sorted(stored_on(self.machine.root, group.first.pid, found)):
                    yield Relation(group.owner.container, RelationType.STORES_ON, disk)


def _owners(seen: Seen) -> Iterator[Owner]:
    yield from seen.idle.values()
    yield from (group.owner for group in seen.containers.values())
    yield from (group.owner for instances in seen.services.values() for group in instances)
