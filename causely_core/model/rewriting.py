"""The rules of identity: which entity is meant by an id, by what is known of the ids and addresses in it. Pure.

Some ids are made of others: an Operation's of its service's, a Dependency's of two, a Database's of an address. And who
knows a thing by a name, by an address or by its account with a provider makes another id each time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from causely_core.model.entity import EntityId, EntityType, entity_id, entity_type

Meaning: TypeAlias = Callable[[EntityId], EntityId | None]
"""Tells which entity is meant by an id; none when no other is."""

_PORT = re.compile(r"(.+):(\d{1,5})")
_MANAGED = frozenset((EntityType.DATABASE, EntityType.CACHE, EntityType.CLOUD_SERVICE))
"""What at an address is itself the store that is spoken to there, whatever the names of the databases in it."""

_CLUSTER_NAME = re.compile(r"(?:[^.]+\.)?([^.]+\.[^.]+)\.svc(?:\..*)?")
"""Of a service, ``cart.shop.svc.cluster.local``, or of a pod behind it, ``cart-0.cart.shop.svc.cluster.local``."""


def rewritten(id: EntityId, meaning: Meaning) -> EntityId:
    """The id of the entity that is meant by ``id``; the same when nothing is known of it, or what is known goes round.

    Args:
        id: as whoever knows less has made it.
        meaning: is asked for the id, for the ids in it, and for addresses as ``ExternalService:<host>:<port>``,
            ``ExternalService:<host>`` and, of a name in a cluster, ``ExternalService:<service>.<namespace>``; and for
            what these mean, which may be a name for another thing.
    """
    known, last = {id}, id
    while (found := _once(last, meaning)) != last:
        if found in known:
            return id
        known.add(found)
        last = found
    return last


def _once(id: EntityId, meaning: Meaning) -> EntityId:
    return _BY_TYPE.get(entity_type(id), _whole)(id, meaning)


def _whole(id: EntityId, meaning: Meaning) -> EntityId:
    return meaning(id) or id


def _loose(id: EntityId, meaning: Meaning) -> EntityId:
    """Of a pod or a container; one that is known by namespace and name is not called otherwise."""
    return id if "/" in id else _whole(id, meaning)


def _address(id: EntityId, meaning: Meaning) -> EntityId:
    shown = _key(id)
    for each in _forms(shown):
        if found := meaning(entity_id(EntityType.EXTERNAL_SERVICE, each)):
            return _with_port(found, shown) if each != shown else found
    return id


def _with_port(found: EntityId, shown: str) -> EntityId:
    """A host that is another name for a host is so on each port."""
    port = _PORT.fullmatch(shown)
    bare = entity_type(found) == EntityType.EXTERNAL_SERVICE and not _PORT.fullmatch(_key(found))
    return EntityId(f"{found}:{port[2]}") if port and bare else found


def _store(id: EntityId, meaning: Meaning) -> EntityId:
    """``<type>:<system>/<address>/<name>``: a store that is known at the address is it; a service takes its place."""
    if whole := meaning(id):
        return whole
    system, _, rest = id.partition("/")
    where, slash, name = rest.partition("/")
    address = entity_id(EntityType.EXTERNAL_SERVICE, where)
    found = _address(address, meaning) if where else address
    if found == address or entity_type(found) in _MANAGED:
        return id if found == address else found
    return EntityId(f"{system}/{_key(found)}{slash}{name}")


def _operation(id: EntityId, meaning: Meaning) -> EntityId:
    """``<key of its service or store>:<name>``; both may have colons."""
    key = _key(id)
    for at in (match.start() for match in reversed(list(re.finditer(":", key)))):
        for type, rewrite in ((EntityType.SERVICE, _whole), (EntityType.DATABASE, _store)):
            owner = entity_id(type, key[:at])
            found = rewrite(owner, meaning)
            if found != owner:
                return entity_id(EntityType.OPERATION, f"{_key(found)}{key[at:]}")
    return id


def _dependency(id: EntityId, meaning: Meaning) -> EntityId:
    """``<key of the caller> > <id of the callee>``."""
    caller, arrow, callee = _key(id).partition(" > ")
    found = rewritten(entity_id(EntityType.SERVICE, caller), meaning)
    return entity_id(EntityType.DEPENDENCY, f"{_key(found)}{arrow}{rewritten(EntityId(callee), meaning)}")


_BY_TYPE: dict[str, Callable[[EntityId, Meaning], EntityId]] = {
    EntityType.SERVICE: _whole,
    EntityType.POD: _loose,
    EntityType.CONTAINER: _loose,
    EntityType.EXTERNAL_SERVICE: _address,
    EntityType.DATABASE: _store,
    EntityType.CACHE: _store,
    EntityType.OPERATION: _operation,
    EntityType.DEPENDENCY: _dependency,
}


def _forms(shown: str) -> Iterator[str]:
    yield shown
    found = _PORT.fullmatch(shown)
    host = (found[1] if found else shown).strip("[]")
    if found:
        yield host
    name = _CLUSTER_NAME.fullmatch(host)
    if name:
        yield name[1]


def _key(id: EntityId) -> str:
    return id.partition(":")[2]
