"""A company small enough to draw, with every type of entity that the catalogue knows; everything is watched.

Cases say what a root cause shows on its own entity and around it.
"""

from __future__ import annotations

from functools import cache

import pytest
from attrs import evolve, frozen

from causely_core.causal import build_graph, diagnose
from causely_core.model import WATCHED, Diagnosis, Entity, EntityId, Relation

from ..shop import NOW, by_key, catalogue, symptom, told

SERVICES = {"mobile": "n2", "web": "n2", "api": "n1", "orders": "n1", "files": "n1", "worker": "n2"}
"""Each with one pod, of one container, on this node; but mobile, of which no more is known."""

RELATIONS = """
Service:mobile calls LoadBalancer:ingress
LoadBalancer:ingress routes_to Service:web
Service:web calls Service:api
Service:api calls Service:orders
Service:api calls Service:files
Service:orders calls Database:postgres
Service:orders calls Cache:redis
Service:orders calls ExternalService:bank
Service:orders calls ExternalService:couriers
Service:files calls CloudService:s3
Service:orders calls DNS:coredns
Service:web calls DNS:coredns
Service:api produces_to Queue:mails
Service:api produces_to Topic:events
Service:worker consumes_from Queue:mails
Service:worker consumes_from Topic:events
Operation:orders/create part_of Service:orders
Operation:orders/read part_of Service:orders
Operation:api/checkout part_of Service:api
Database:postgres stores_on Disk:pgdata
Pod:files-1 stores_on Disk:uploads
Namespace:shop part_of Cluster:prod
Node:n1 part_of Cluster:prod
Node:n2 part_of Cluster:prod
"""

PLACES = """
Service:{name} runs_on Container:{name}
Service:{name} selects Pod:{name}-1
Service:{name} selects Workload:{name}
Container:{name} part_of Pod:{name}-1
Pod:{name}-1 owned_by Workload:{name}
Pod:{name}-1 runs_on Node:{node}
Workload:{name} part_of Namespace:shop
"""


@frozen
class Case:
    """What a root cause shows.

    Attributes:
        telling: the symptom of its own entity that tells it from its siblings.
        own: further symptoms of its own entity, separated by spaces.
        around: symptoms of other entities.
    """

    entity: str
    cause: str
    telling: str
    own: str
    around: dict[str, str]

    @property
    def general(self) -> bool:
        """Whether it shows so little that nothing is left of it when some of it is lost."""
        return not self.own and len(self._around()) < 2

    def named(self) -> list[tuple[str, str]]:
        """The root causes named when everything shows; without those far less probable than the first."""
        found = found_in([(self.entity, self.telling), *self._own(), *self._around()])
        likely = [each for each in found.root_causes if each.probability > found.root_causes[0].probability / 3]
        return told(evolve(found, root_causes=tuple(likely)))

    def suspects(self) -> set[str]:
        """Who may have a root cause when the telling symptom is not measured, nor one around if others are its own.

        Alternatives count: without its telling symptom, what is next to its entity can look as bad.
        """
        around = self._around()
        lost = around[: bool(self.own)]
        found = found_in([*self._own(), *around[len(lost) :]], ((self.entity, self.telling), *lost)).root_causes
        rivals = (rival.entity for cause in found for rival in cause.alternatives)
        return {*(cause.entity for cause in found), *rivals}

    def _own(self) -> list[tuple[str, str]]:
        return [(self.entity, name) for name in self.own.split()]

    def _around(self) -> list[tuple[str, str]]:
        return [(entity, name) for entity, names in self.around.items() for name in names.split()]


def each(cases: list[Case]) -> pytest.MarkDecorator:
    """Run the test for each case."""
    return pytest.mark.parametrize("case", cases, ids=lambda case: f"{case.entity}-{case.cause}")


def found_in(seen: list[tuple[str, str]], unwatched: tuple[tuple[str, str], ...] = ()) -> Diagnosis:
    """The diagnosis of symptoms, each an entity and a name, where all but ``unwatched`` is watched."""
    active = by_key(symptom(EntityId(entity), name) for entity, name in seen)
    return diagnose(_graph(unwatched), active, NOW)


@cache
def _graph(unwatched):
    lines = RELATIONS + "".join(
        PLACES.format(name=name, node=node) for name, node in SERVICES.items() if name != "mobile"
    )
    relations = [_relation(*line.split()) for line in lines.split("\n") if line]
    ids = sorted({id for relation in relations for id in (relation.source, relation.target)})
    return build_graph(catalogue(), {id: _entity(id, unwatched) for id in ids}, relations)


def _relation(source: str, type: str, target: str) -> Relation:
    return Relation(EntityId(source), type, EntityId(target))


def _entity(id, unwatched):
    type, _, key = id.partition(":")
    # Parts of one's own are only reckoned for recordings.
    watched = (spec for spec in catalogue().model(type).symptoms if spec.observable)
    names = [spec.name for spec in watched if not spec.attribute.endswith(".self")]
    return Entity.of(type, key, attributes={WATCHED: " ".join(name for name in names if (id, name) not in unwatched)})
