"""Services as what runs: by which ids and at which addresses others speak of what a pod is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from causely_core.host import main_of, services_of
from causely_core.model import EntityId, EntityType, Relation, entity_id
from causely_core.polling import same
from causely_plugin_kubernetes.fragments.fragment import Object, Runs, service_id


def runs(within: str, pod: Object, owner: str = "") -> Runs:
    """Which service pods are that have these labels.

    Args:
        within: their namespace.
        pod: one of them, or the template that they are made from.
        owner: name of the workload that has the template.
    """
    labels = (pod.get("metadata") or {}).get("labels") or {}
    return Runs(frozenset(labels.items()), service_id(within, services_of(pod, owner)[main_of(pod)]))


def address(host: str, port: int | str = "") -> EntityId:
    """The id under which the one at an address is known to those who know no more of it."""
    shown = f"[{host}]" if ":" in host and port else host
    return entity_id(EntityType.EXTERNAL_SERVICE, f"{shown}:{port}" if port else shown)


def pod_aliases(found: Object) -> Iterator[Relation]:
    """What others mean by the UID, the addresses and the containers of a pod.

    ``Service:<id of a pod or container>`` is the service that runs there, of a pod the main container's.
    """
    about, spec, status = found["metadata"], found.get("spec") or {}, found.get("status") or {}
    itself = entity_id(EntityType.POD, f"{about['namespace']}/{about['name']}")
    if about.get("uid"):
        yield same(entity_id(EntityType.POD, about["uid"]), itself)
    yield from _containers(itself, status)
    services = {name: service_id(about["namespace"], each) for name, each in services_of(found).items()}
    yield same(entity_id(EntityType.SERVICE, itself), services[main_of(found)])
    for name in services.keys() - {main_of(found)}:
        yield same(entity_id(EntityType.SERVICE, _container(itself, name)), services[name])
    if not spec.get("hostNetwork"):
        yield from _own_addresses(itself, found, services)
    yield from dict.fromkeys(_node_addresses(found, services))


def _own_addresses(itself: EntityId, found: Object, services: Mapping[str, EntityId]) -> Iterator[Relation]:
    """A pod's addresses are its main container's, but for the ports that others declare."""
    main, status = main_of(found), found.get("status") or {}
    told = [each.get("ip") for each in status.get("podIPs") or ()]
    for ip in dict.fromkeys(filter(None, (status.get("podIP"), *told))):
        yield same(entity_id(EntityType.POD, ip), itself)
        yield same(address(ip), services[main])
        for name, port in _ports(found):
            if name != main and port.get("containerPort"):
                yield same(address(ip, port["containerPort"]), services[name])


def _node_addresses(found: Object, services: Mapping[str, EntityId]) -> Iterator[Relation]:
    """Ports of the node that are the pod's."""
    ip, alike = (found.get("status") or {}).get("hostIP") or "", (found.get("spec") or {}).get("hostNetwork")
    for name, port in _ports(found):
        number = port.get("hostPort") or (port.get("containerPort") if alike else None)
        if ip and number:
            yield same(address(ip, number), services[name])


def _containers(pod: EntityId, status: Object) -> Iterator[Relation]:
    for kind in ("containerStatuses", "initContainerStatuses"):
        for each in status.get(kind) or ():
            id = str(each.get("containerID") or "").rpartition("://")[2]
            if id:
                yield same(entity_id(EntityType.CONTAINER, id), _container(pod, each["name"]))


def _container(pod: EntityId, name: str) -> EntityId:
    return entity_id(EntityType.CONTAINER, f"{pod.partition(':')[2]}/{name}")


def _ports(found: Object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for container in (found.get("spec") or {}).get("containers") or ():
        for port in container.get("ports") or ():
            yield container["name"], port
