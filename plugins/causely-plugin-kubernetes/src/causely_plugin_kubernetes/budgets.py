"""Attributes of workloads that objects tell which do not name them, but select their pods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable

from attrs import define, field

from causely_core.model import Entity, EntityId
from causely_plugin_kubernetes.fragments import Fragment
from causely_plugin_kubernetes.fragments.fragment import Labels, Selected


@define
class Budgets:
    """Knows by namespace the labels that workloads give to their pods, and who selects by labels."""

    _labels: dict[EntityId, dict[EntityId, Labels]] = field(factory=lambda: defaultdict(dict), init=False)
    _selected: dict[EntityId, dict[Hashable, Selected]] = field(factory=lambda: defaultdict(dict), init=False)

    def exchange(self, slot: Hashable, before: Fragment | None, after: Fragment | None) -> list[EntityId]:
        """An object says something else now; the workloads of which others say something else for that."""
        touched: list[EntityId] = []
        for fragment in filter(None, (before, after)):
            within = fragment.within[:1]
            if within and fragment.selected:
                touched += self._labels[within[0]]
        if before:
            self._forget(slot, before)
        if after:
            self._know(slot, after)
        return touched

    def notes(self, workload: Entity, within: EntityId) -> list[Entity]:
        """What is said of a workload of a namespace, in the same order whoever came first."""
        labels, selected = self._labels[within].get(workload.id), self._selected[within]
        if labels is None:
            return []
        found = [selected[slot] for slot in sorted(selected, key=str) if selected[slot].labels <= labels]
        return [Entity(workload.id, workload.type, workload.name, each.attributes) for each in found]

    def _know(self, slot: Hashable, fragment: Fragment) -> None:
        for within in fragment.within[:1]:
            if fragment.selected:
                self._selected[within][slot] = fragment.selected
            if fragment.runs:
                self._labels[within][fragment.entities[0].id] = fragment.runs.labels

    def _forget(self, slot: Hashable, fragment: Fragment) -> None:
        for within in fragment.within[:1]:
            self._selected[within].pop(slot, None)
            for workload in fragment.entities[:1]:
                self._labels[within].pop(workload.id, None)
