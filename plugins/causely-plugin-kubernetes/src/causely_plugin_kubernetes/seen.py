"""What is kept of an object: what it says that there is, and how it says that it is."""

from __future__ import annotations

from collections.abc import Callable

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


def followed(config_maps: bool) -> list[Resource]:
    """All resources of which anything is kept; ConfigMaps only if they may be read."""
    return [each for each in dict.fromkeys((*FRAGMENTS, *TOLD)) if config_maps or each != CONFIG_MAPS]


def keeper(resource: Resource) -> Callable[[Object], Seen]:
    """What keeps an object of a resource; nothing of one that is to be ignored."""
    fragment, told = FRAGMENTS.get(resource), TOLD.get(resource)

    def keep(found: Object) -> Seen:
        named = key(found)
        if ignored(found):
            return Seen(fragment(found) if fragment else Fragment(named), Told(named))
        return Seen(fragment(found) if fragment else Fragment(named), told(found) if told else Told(named))

    return keep
