"""What of a plugin's texts the privacy boundary would hide."""

from __future__ import annotations

from causely_core.egress.cleaner import Cleaner
from causely_core.egress.policy import EgressPolicy
from causely_core.egress.tally import Tally
from causely_core.egress.topology_filter import filter_topology
from causely_core.model import Entity, EntityId, Relation, RelationType, TopologyDelta
from causely_core.testing.fix import require

REMEDY = "leave it out, or use a stable name in its place"


def check_delta(delta: TopologyDelta, addresses: bool) -> None:
    """Fail where an entity or relation holds personal data or a secret; ``addresses`` tells whether IPs may be there.

    Relations ``same_as`` never leave the mediator: addresses are what they are for.
    """
    for entity in delta.entities:
        _check(TopologyDelta("", 0, (entity,)), f"entity {entity.id}", addresses or _is_alias(entity, delta))
    for relation in delta.relations:
        _check(_only(relation), f"relation {relation.source} {relation.type}", addresses or _is_same(relation))


def check_id(id: EntityId, addresses: bool) -> None:
    """Fail when an entity's id holds personal data or a secret."""
    tally = Tally()
    Cleaner(b"", ips=not addresses).id(id, tally)
    _refuse(tally, f"the id {id}")


def _check(delta: TopologyDelta, what: str, addresses: bool) -> None:
    tally = Tally()
    filter_topology(delta, EgressPolicy(), Cleaner(b"", ips=not addresses), tally)
    _refuse(tally, what)


def _refuse(tally: Tally, what: str) -> None:
    if "cut" in tally.redactions:
        require(False, f"{what} is too long to cross the egress gate", "shorten ids to 512 bytes and names to 256")
    kinds = ", ".join(sorted(tally.redactions))
    require(not kinds, f"{what} holds what the egress gate hides ({kinds})", REMEDY)


def _only(relation: Relation) -> TopologyDelta:
    return TopologyDelta("", 0, relations=(relation,))


def _is_same(relation: Relation) -> bool:
    return relation.type == RelationType.SAME_AS


def _is_alias(entity: Entity, delta: TopologyDelta) -> bool:
    return any(_is_same(relation) and relation.source == entity.id for relation in delta.relations)
