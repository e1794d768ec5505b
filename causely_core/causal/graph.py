"""The causal graph: the causal model instantiated on a topology, as numbered nodes and arrows between them.

A node is one symptom of one entity, seen or not. Nodes of an entity follow each other in the order of its type's
:class:`Layout`, so that a node's entity and symptom are found by arithmetic and the graph holds no object per node.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from attrs import frozen

from causely_core.causal.arrows import Arrows
from causely_core.causal.catalogue import Catalogue
from causely_core.causal.drawing import draw
from causely_core.causal.layout import Layout
from causely_core.model import WATCHED, Entity, EntityId, Relation, SymptomKey, SymptomSpec


@frozen(eq=False)
class CausalGraph:
    """What can cause what, on this topology. Nothing in it changes.

    Attributes:
        entities: by place, sorted.
        layouts: of each entity, by place.
        base: each entity's first node, by place.
        watched: one a node: whether a detector judges the symptom, so that its absence is evidence.
        miss: one a node: probability that the symptom is not seen though it is there.
        relations: names that the arrows' ``relation`` refers to.
        out: arrows by the node that causes.
        into: arrows by the node that is caused.
    """

    entities: Sequence[EntityId]
    layouts: Sequence[Layout]
    base: Sequence[int]
    watched: Sequence[bool]
    miss: Sequence[float]
    relations: Sequence[str]
    out: Arrows
    into: Arrows
    _index: Mapping[EntityId, int]

    def node(self, key: SymptomKey) -> int | None:
        """The node of a symptom; none when the entity or its type's symptom is not known."""
        place = self._index.get(key.entity)
        offset = None if place is None else self.layouts[place].offsets.get(key.name)
        return None if place is None or offset is None else self.base[place] + offset

    def owner(self, node: int) -> int:
        """The place of the entity whose symptom ``node`` is."""
        return bisect_right(self.base, node) - 1

    def judged(self, place: int) -> bool:
        """Whether any symptom of the entity is watched."""
        first = self.base[place]
        return any(self.watched[first : first + len(self.layouts[place].symptoms)])

    def spec(self, node: int) -> SymptomSpec:
        """What is known of the symptom that ``node`` stands for."""
        place = self.owner(node)
        return self.layouts[place].symptoms[node - self.base[place]]

    def key(self, node: int) -> SymptomKey:
        """The symptom that ``node`` stands for."""
        return SymptomKey(self.entities[self.owner(node)], self.spec(node).name)


def build_graph(
    catalogue: Catalogue, entities: Mapping[EntityId, Entity], relations: Sequence[Relation]
) -> CausalGraph:
    """Instantiate ``catalogue`` on a topology.

    Args:
        catalogue: what is known of each entity type; types it does not know get no nodes.
        entities: by id.
        relations: those with an end outside ``entities`` are left out.
    """
    ids = sorted(entities)
    index = {id: place for place, id in enumerate(ids)}
    by_type = {type: Layout.of(catalogue.model(type)) for type in {entity.type for entity in entities.values()}}
    layouts = [by_type[entities[id].type] for id in ids]
    base = list(accumulate((len(layout.symptoms) for layout in layouts), initial=0))
    nodes = base.pop()
    drawing = draw(catalogue, layouts, base, index, relations)
    watched = [False] * nodes
    for node in _watched([entities[id] for id in ids], layouts, base):
        watched[node] = True
    miss = [spec.miss for layout in layouts for spec in layout.symptoms]
    out, into = drawing.out(nodes), drawing.into(nodes)
    return CausalGraph(ids, layouts, base, watched, miss, drawing.relations, out, into, index)


def _watched(entities: Sequence[Entity], layouts: Sequence[Layout], base: Sequence[int]) -> Iterator[int]:
    for entity, layout, first in zip(entities, layouts, base, strict=True):
        for name in entity.attributes.get(WATCHED, "").split():
            if name in layout.offsets:
                yield first + layout.offsets[name]
