"""Drawing arrows: the rules that fit, applied to relations and within entities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from attrs import frozen

from causely_core.causal.arrays import Flags, Places
from causely_core.causal.blocks import Blocks
from causely_core.causal.links import Links
from causely_core.causal.rules import Fit, Kind, Rules


@frozen(eq=False)
class Drawing:
    """Arrows, one a row.

    Attributes:
        tail: the node that causes.
        head: the node that is caused.
        rule: the number of the rule.
    """

    tail: Places
    head: Places
    rule: Places

    @classmethod
    def of(cls, parts: Iterable[Drawing]) -> Drawing:
        """All arrows of ``parts``."""
        nothing = np.zeros(0, dtype=np.int64)
        known = [*parts, cls(nothing, nothing, nothing)]
        tail, head, rule = (
            np.concatenate([getattr(part, name) for part in known]) for name in ("tail", "head", "rule")
        )
        return cls(tail, head, rule)

    def only(self, which: Flags) -> Drawing:
        """The arrows that the mask ``which`` takes."""
        return Drawing(self.tail[which], self.head[which], self.rule[which])


def draw(rules: Rules, blocks: Blocks, links: Links, places: Places) -> Drawing:
    """All arrows that begin or end at ``places`` (each once), and maybe others."""
    return Drawing.of([*_along_links(rules, blocks, links, places), *_within(rules, blocks, places)])


def _along_links(rules: Rules, blocks: Blocks, links: Links, places: Places) -> Iterator[Drawing]:
    ends = links.of(places)
    count = len(blocks.layouts)
    number = ends.type * len(links.modes) + ends.mode
    number = (number * count + blocks.layout[ends.source]) * count + blocks.layout[ends.target]
    for those in _alike(number):
        one = those[0]
        source, target = (blocks.layouts[blocks.layout[end[one]]] for end in (ends.source, ends.target))
        mode, type = links.modes[ends.mode[one]], links.types[ends.type[one]]
        fit = rules.fit(Kind(type, mode, source.entity_type, target.entity_type), source, target)
        yield _arrows(fit, blocks.base[ends.source[those]], blocks.base[ends.target[those]])


def _within(rules: Rules, blocks: Blocks, places: Places) -> Iterator[Drawing]:
    for those in _alike(blocks.layout[places]):
        fit = rules.within(blocks.layouts[blocks.layout[places[those[0]]]])
        first = blocks.base[places[those]]
        yield _arrows(fit, first, first)


def _alike(numbers: Places) -> list[Places]:
    """The places of each number that occurs."""
    order = np.argsort(numbers, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1) if len(numbers) else []


def _arrows(fit: Fit, source: Places, target: Places) -> Drawing:
    """The arrows of every rule of ``fit`` between entities whose first nodes are ``source`` and ``target`` (R each)."""
    one, other = source[:, None], target[:, None]
    tail = np.where(fit.inverse, other, one) + fit.tail
    head = np.where(fit.inverse, one, other) + fit.head
    return Drawing(tail.ravel(), head.ravel(), np.tile(fit.rule, len(source)))
