"""All resources that are known, to look others up in. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import define, field

from causely_core.model import EntityId, EntityType, entity_id
from causely_plugin_azure.resource import Resource

_INTERFACE = "microsoft.network/networkinterfaces"
_CLUSTER = "microsoft.containerservice/managedclusters"
_ENDPOINT = "microsoft.network/privateendpoints"


@define
class Inventory:
    """What is there, and at which private addresses.

    Attributes:
        resources: by what they are known by.
        ids: the entity of each of them that has one, likewise.
    """

    resources: Mapping[str, Resource] = field(factory=dict)
    ids: Mapping[str, EntityId] = field(factory=dict)
    _clusters: dict[tuple[str, str], str] = field(factory=dict, init=False)
    _private: dict[str, list[str]] = field(factory=dict, init=False)
    _at: dict[str, str] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        """Note who is where."""
        for each in self.of(_CLUSTER):
            self._clusters[each.subscription, each.text("nodeResourceGroup").lower()] = each.known_by
        for each in self.of(_INTERFACE):
            if machine := each.text("virtualMachine", "id").lower():
                self._at.update(dict.fromkeys(_addresses(each), machine))
        for each in self.of(_ENDPOINT):
            addresses = list(self._endpoint(each))
            for link in (*each.objects("privateLinkServiceConnections"), *_manual(each)):
                self._private.setdefault(_linked(link), []).extend(addresses)

    def of(self, type: str) -> Iterator[Resource]:
        """All resources of a type."""
        return (each for each in self.resources.values() if each.type == type)

    def entity(self, id: str) -> EntityId | None:
        """The entity of the resource with Azure's ``id``."""
        return self.ids.get(id.lower())

    def private(self, resource: Resource) -> list[str]:
        """The addresses of a resource's private endpoints."""
        return self._private.get(resource.known_by, [])

    def machine(self, interface: str) -> str:
        """Azure's id of the machine that a network interface is of, in small letters; empty when it is of none."""
        found = self.resources.get(interface.lower())
        return found.text("virtualMachine", "id").lower() if found else ""

    def cluster_of(self, machine: Resource) -> EntityId | None:
        """The managed cluster whose node a machine is: it is in the group that the cluster has for its nodes."""
        cluster = self._clusters.get((machine.subscription, machine.group))
        return self.ids.get(cluster) if cluster else None

    def at(self, address: str) -> EntityId:
        """Who is at an address: a machine that is known, or whoever others know there."""
        machine = self.ids.get(self._at.get(address, ""))
        return machine or entity_id(EntityType.EXTERNAL_SERVICE, address)

    def _endpoint(self, endpoint: Resource) -> Iterator[str]:
        for each in endpoint.objects("networkInterfaces"):
            if interface := self.resources.get(str(each.get("id", "")).lower()):
                yield from _addresses(interface)
        for each in endpoint.objects("customDnsConfigs"):
            yield from (str(address) for address in each.get("ipAddresses") or ())


def _addresses(interface: Resource) -> Iterator[str]:
    for each in interface.objects("ipConfigurations"):
        about = each.get("properties")
        if isinstance(about, Mapping) and isinstance(about.get("privateIPAddress"), str):
            yield about["privateIPAddress"]


def _manual(endpoint: Resource) -> Iterator[Mapping[str, object]]:
    return endpoint.objects("manualPrivateLinkServiceConnections")


def _linked(link: Mapping[str, object]) -> str:
    about = link.get("properties")
    return str(about.get("privateLinkServiceId", "")).lower() if isinstance(about, Mapping) else ""
