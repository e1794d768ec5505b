"""The causal graph: the causal model instantiated on a topology, as numbered nodes and arrows between them.

A node is one symptom or hidden state of one entity, seen or not. Nodes of an entity follow each other in the order of
its type's :class:`Layout`, so that a node's entity and symptom are found by arithmetic and the graph holds no object
per node. When the topology changes, only the arrows of the entities concerned are drawn again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from attrs import define, field

from causely_core.causal.arrays import Flags, Floats, Places
from causely_core.causal.arrows import Arrows
from causely_core.causal.blocks import NOBODY, Blocks
from causely_core.causal.catalogue import Catalogue
from causely_core.causal.change import Change
from causely_core.causal.drawing import draw
from causely_core.causal.layout import Layout
from causely_core.causal.links import Ends, Links
from causely_core.causal.names import Names
from causely_core.causal.rules import Rules
from causely_core.model import Entity, EntityId, Relation, SymptomKey, SymptomSpec


class State(NamedTuple):
    """What a node stands for.

    Attributes:
        place: of its entity.
        type: of its entity.
        spec: what is known of the symptom.
        key: entity and symptom.
    """

    place: int
    type: str
    spec: SymptomSpec
    key: SymptomKey


@define(eq=False)
class CausalGraph:
    """What can cause what, on a topology that may change; not to be read while it does.

    The numbers of places and nodes depend on the order of changes. What is inferred does not.

    Attributes:
        rules: all rules of the catalogue.
        blocks: nodes by place.
        out: arrows by the node that causes.
        into: arrows by the node that is caused.
    """

    rules: Rules
    blocks: Blocks
    names: Names = field(factory=Names, init=False)
    links: Links = field(factory=Links, init=False)
    out: Arrows = field(factory=Arrows, init=False)
    into: Arrows = field(factory=Arrows, init=False)

    @classmethod
    def of(cls, catalogue: Catalogue) -> CausalGraph:
        """The graph of no entities."""
        return cls(Rules.of(catalogue), Blocks(catalogue))

    @property
    def entities(self) -> Sequence[EntityId]:
        """Ids by place; at places that are not in use, what was there last."""
        return self.names.ids

    @property
    def watched(self) -> Flags:
        """One a node: whether a detector judges the symptom, so that its absence is evidence."""
        return self.blocks.watched

    @property
    def miss(self) -> Floats:
        """One a node: probability that the symptom is not seen though it is there."""
        return self.blocks.miss

    @property
    def relations(self) -> Sequence[str]:
        """One a rule: the relation it walks; empty within an entity."""
        return self.rules.relations

    def layout(self, place: int) -> Layout:
        """The layout of the entity at ``place``."""
        return self.blocks.layouts[int(self.blocks.layout[place])]

    def node(self, key: SymptomKey) -> int | None:
        """The node of a symptom; none when the entity or its type's symptom is not known."""
        place = self.names.find(key.entity)
        offset = None if place is None else self.layout(place).offsets.get(key.name)
        return None if place is None or offset is None else int(self.blocks.base[place]) + offset

    def visible(self, keys: Sequence[SymptomKey]) -> list[int | None]:
        """The node of each symptom; none when the entity or symptom is not known, or is a hidden state."""
        places = [self.names.find(key.entity) for key in keys]
        at = np.array([0 if place is None else place for place in places], dtype=np.int64)
        numbers, bases = (
            column[at].tolist() if len(column) else () for column in (self.blocks.layout, self.blocks.base)
        )
        nodes: list[int | None] = [None] * len(keys)
        for which, (key, place, number, base) in enumerate(zip(keys, places, numbers, bases, strict=False)):
            offset = None if place is None else self.blocks.layouts[number].offsets.get(key.name)
            if offset is not None and self.blocks.layouts[number].symptoms[offset].observable:
                nodes[which] = base + offset
        return nodes

    def nodes(self, place: int) -> range:
        """The nodes of the entity at ``place``."""
        first = int(self.blocks.base[place])
        return range(first, first + len(self.layout(place).symptoms))

    def spec(self, node: int) -> SymptomSpec:
        """What is known of the symptom that ``node`` stands for."""
        place = int(self.blocks.owner[node])
        return self.layout(place).symptoms[node - int(self.blocks.base[place])]

    def state(self, node: int) -> State:
        """What ``node`` stands for."""
        place, spec = int(self.blocks.owner[node]), self.spec(node)
        return State(place, self.layout(place).entity_type, spec, SymptomKey(self.entities[place], spec.name))

    def key(self, node: int) -> SymptomKey:
        """The symptom that ``node`` stands for."""
        return self.state(node).key

    def apply(self, change: Change) -> None:
        """Follow a change of the topology, at the cost of drawing the arrows of the entities concerned again."""
        arrived = {entity.id: entity for entity in change.entities}
        gone = self.names.known(id for id in dict.fromkeys(change.deleted_entities) if id not in arrived)
        places = self.names.places(list(arrived))
        upserted, deleted = self._upserted(change.relations), self._deleted(change.deleted_relations)
        self.blocks.reserve(len(self.names.ids))
        numbers = self.blocks.numbers(list(arrived.values()))
        moved = self.blocks.layout[places] != numbers
        touched = np.concatenate([gone, places[moved]])
        _, freed = self.blocks.nodes(touched)
        self.blocks.move(touched, np.concatenate([np.full(len(gone), NOBODY), numbers[moved]]))
        self.blocks.watch(places, list(arrived.values()))
        ends = self.links.replace(upserted, deleted)
        self._draw_again(np.union1d(touched, ends), touched, freed)
        self._forget(np.union1d(gone, ends))

    def _upserted(self, relations: Sequence[Relation]) -> Ends:
        latest = list({each: each for each in relations}.values())
        source, target = (self.names.places([getattr(r, end) for r in latest]) for end in ("source", "target"))
        return self.links.ends(source, target, latest)

    def _deleted(self, relations: Sequence[Relation]) -> Places:
        find = self.names.find
        known = [each for each in relations if find(each.source) is not None and find(each.target) is not None]
        source, target = (self.names.places([getattr(r, end) for r in known]) for end in ("source", "target"))
        return self.links.ends(source, target, known).key

    def _draw_again(self, places: Places, touched: Places, freed: Places) -> None:
        """Draw the arrows of ``places`` and of the neighbours of ``touched``; nodes that were ``freed`` lose theirs."""
        near = self.links.of(touched)
        places = np.unique(np.concatenate([places, near.source, near.target]))
        drawing = draw(self.rules, self.blocks, self.links, places)
        concerned = np.zeros(len(self.blocks.layout), dtype=np.bool_)
        concerned[places] = True
        nodes = np.union1d(self.blocks.nodes(places)[1], freed)
        self.out.leaving(nodes, drawing.only(concerned[self.blocks.owner[drawing.tail]]), self.rules.likeness)
        self.into.entering(nodes, drawing.only(concerned[self.blocks.owner[drawing.head]]))

    def _forget(self, places: Places) -> None:
        nobody = places[self.blocks.layout[places] == NOBODY]
        self.names.forget(nobody[self.links.count(nobody) == 0].tolist())


def build_graph(
    catalogue: Catalogue, entities: Mapping[EntityId, Entity], relations: Sequence[Relation]
) -> CausalGraph:
    """Instantiate ``catalogue`` on a topology.

    Args:
        catalogue: what is known of each entity type; types it does not know get no nodes.
        entities: by id.
        relations: those with an end outside ``entities`` are left out. Of equal ones the last counts.
    """
    graph = CausalGraph.of(catalogue)
    graph.apply(Change(tuple(entities.values()), tuple(relations)))
    return graph
