"""What is kept of an object: what it says that there is, and how it says that it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrs import frozen

from causely_core.kubernetes import Object, Resource
from causely_plugin_kubernetes.conditions.kinds import CONFIG_MAPS, TOLD
from causely_plugin_kubernetes.conditions.reading import key
from causely_plugin_kubernetes.conditions.told import Told
from causely_plugin_kubernetes.fragments import FRAGMENTS, Fragment, ignored


@frozen
class Seen:
    """Of one object.

    Attributes:
        fragment: of the topology.
        told: how its entities are.
    """

    fragment: Fragment
    told: Told


@frozen
class Place:
    """Where objects are followed.

    Attributes:
        resource: that they are of.
        namespace: that they are in; empty for all.
    """

    resource: Resource
    namespace: str = ""

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.resource.name} in {self.namespace}" if self.namespace else self.resource.name


def followed(config_maps: Iterable[str]) -> list[Place]:
    """All of which anything is kept: everything everywhere, but ConfigMaps only in the namespaces named."""
    everywhere = [Place(each) for each in dict.fromkeys((*FRAGMENTS, *TOLD)) if each != CONFIG_MAPS]
    return [*everywhere, *(Place(CONFIG_MAPS, namespace) for namespace in dict.fromkeys(config_maps))]


def keeper(resource: Resource) -> Callable[[Object], Seen]:
    """What keeps an object of a resource; nothing of one that is to be ignored."""
    fragment, told = FRAGMENTS.get(resource), TOLD.get(resource)

    def keep(found: Object) -> Seen:
        named = key(found)
        if ignored(found):
            return Seen(fragment(found) if fragment else Fragment(named), Told(named))
        return Seen(fragment(found) if fragment else Fragment(named), told(found) if told else Told(named))

    return keep
