"""Drawing the arrows: every propagation rule applied to every relation it fits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from causely_core.causal.arrows import ArrowColumns, Arrows, shares
from causely_core.causal.catalogue import Catalogue
from causely_core.causal.layout import Layout
from causely_core.model import EntityId, Propagation, Relation

ANY = "*"


@frozen
class _Kind:
    """What decides which rules fit a relation."""

    relation: str
    source: str
    target: str
    mode: str | None


@frozen(eq=False)
class Drawing:
    """All arrows in the order in which they were drawn, one a row.

    Attributes:
        relations: names that ``relation`` refers to.
        tail: the node that causes.
        head: the node that is caused.
    """

    relations: tuple[str, ...]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    probability: NDArray[np.float64]
    relation: NDArray[np.int64]
    rule: NDArray[np.int64]

    def out(self, nodes: int) -> Arrows:
        """The arrows by what causes."""
        return Arrows.of(nodes, self.tail, self._columns(self.head))

    def into(self, nodes: int) -> Arrows:
        """The arrows by what is caused."""
        return Arrows.of(nodes, self.head, self._columns(self.tail))

    def _columns(self, head: NDArray[np.int64]) -> ArrowColumns:
        return ArrowColumns(head, self.probability, self.relation, self.rule, shares(self.tail, self.rule))


def draw(
    catalogue: Catalogue,
    layouts: Sequence[Layout],
    base: Sequence[int],
    index: Mapping[EntityId, int],
    relations: Sequence[Relation],
) -> Drawing:
    """Apply every rule of ``catalogue`` to every relation between entities of ``index``."""
    by_type = {layout.entity_type: layout for layout in layouts}
    kinds = _by_kind(layouts, index, relations)
    names = tuple(sorted({kind.relation for kind in kinds}))
    rules = [(model.entity_type, each) for model in catalogue for each in model.propagations]
    first = np.array(base, dtype=np.int64)
    parts = []
    for kind, pairs in kinds.items():
        ends = first[np.array(pairs, dtype=np.int64)]
        for number, (type, rule) in enumerate(rules):
            if fits(rule, type, kind) and (offsets := _offsets(rule, kind, by_type)):
                tails, heads = (ends[:, 1], ends[:, 0]) if rule.inverse else (ends[:, 0], ends[:, 1])
                numbers = (rule.effect.probability, names.index(kind.relation), number)
                parts.append((tails + offsets[0], heads + offsets[1], *(np.full(len(pairs), n) for n in numbers)))
    return _joined(names, parts)


def fits(rule: Propagation, type: str, kind: _Kind) -> bool:
    """Whether ``rule`` of entity type ``type`` walks relations of ``kind``; one that states no mode has any."""
    here, there = (kind.target, kind.source) if rule.inverse else (kind.source, kind.target)
    mode = not rule.mode or kind.mode in (None, rule.mode)
    return mode and rule.relation == kind.relation and type == here and rule.neighbour in (ANY, there)


def _by_kind(
    layouts: Sequence[Layout], index: Mapping[EntityId, int], relations: Sequence[Relation]
) -> dict[_Kind, list[tuple[int, int]]]:
    kinds: dict[tuple[str, str, str, str | None], dict[tuple[int, int], None]] = defaultdict(dict)
    for each in relations:
        source, target = index.get(each.source), index.get(each.target)
        if source is None or target is None or source == target:
            continue
        mode = each.attributes.get("mode")
        kind = (str(each.type), layouts[source].entity_type, layouts[target].entity_type, mode)
        kinds[kind][source, target] = None
    return {_Kind(*kind): list(pairs) for kind, pairs in kinds.items()}


def _offsets(rule: Propagation, kind: _Kind, by_type: Mapping[str, Layout]) -> tuple[int, int] | None:
    here, there = (kind.target, kind.source) if rule.inverse else (kind.source, kind.target)
    effect = by_type[there].offsets.get(rule.effect.symptom)
    return None if effect is None else (by_type[here].offsets[rule.symptom], effect)


def _joined(names: tuple[str, ...], parts: Sequence[tuple[NDArray[np.generic], ...]]) -> Drawing:
    columns: Iterator[NDArray[np.generic]] = (
        np.concatenate([part[column] for part in parts]) if parts else np.zeros(0) for column in range(5)
    )
    tail, head, probability, relation, rule = columns
    return Drawing(
        names,
        tail.astype(np.int64),
        head.astype(np.int64),
        probability.astype(np.float64),
        relation.astype(np.int64),
        rule.astype(np.int64),
    )
