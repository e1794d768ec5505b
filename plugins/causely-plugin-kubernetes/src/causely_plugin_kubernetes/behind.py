"""Behind Services: a Service of Kubernetes is a way to what runs in the pods that it selects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator

from attrs import define, field

from causely_core.model import EntityId, Relation, RelationType
from causely_core.polling import same
from causely_plugin_kubernetes.fragments import Fragment
from causely_plugin_kubernetes.fragments.fragment import Runs, Selection

_Slot = tuple[Hashable, str]


@define
class _Namespace:
    """What is in one."""

    running: dict[_Slot, Runs] = field(factory=dict)
    selections: dict[_Slot, Selection] = field(factory=dict)


@define
class Behind:
    """Finds out which services are behind each Service of Kubernetes, by its selector.

    By that, and not by the pods that there are, it is the same one while there are none.
    """

    _namespaces: dict[str, _Namespace] = field(factory=lambda: defaultdict(_Namespace), init=False)
    _touched: dict[str, None] = field(factory=dict, init=False)
    _told: dict[str, dict[str, Fragment]] = field(factory=dict, init=False)

    def exchange(self, slot: _Slot, before: Fragment | None, after: Fragment | None) -> None:
        """An object says something else.

        Args:
            slot: its resource and key.
            before: what it said; none when it was not there.
            after: what it says now; none when it is gone.
        """
        runs, selection = (after.runs, after.selection) if after else (None, None)
        was = (before.runs, before.selection) if before else (None, None)
        if was == (runs, selection):
            return
        name = slot[1].partition("/")[0]
        self._touched[name] = None
        _set(self._namespaces[name].running, slot, runs)
        _set(self._namespaces[name].selections, slot, selection)

    def flush(self) -> Iterator[tuple[str, Fragment | None]]:
        """Keys of Services of which something else is to be said than before, and that; none of those that are gone."""
        touched, self._touched = self._touched, {}
        for name in touched:
            told = self._told.get(name, {})
            now = {fragment.key: fragment for fragment in _fragments(self._namespaces[name])}
            self._told[name] = now
            yield from ((key, fragment) for key, fragment in now.items() if told.get(key) != fragment)
            yield from ((key, None) for key in told.keys() - now.keys())


def _set(kept: dict[_Slot, Runs] | dict[_Slot, Selection], slot: _Slot, value: Runs | Selection | None) -> None:
    kept.pop(slot, None)
    if value is not None:
        kept[slot] = value  # type: ignore[assignment]


def _fragments(namespace: _Namespace) -> Iterator[Fragment]:
    running = dict.fromkeys(namespace.running.values())
    names = {each.service for each in running}
    selected = _selected(namespace, running)
    for slot, selection in namespace.selections.items():
        found, itself = sorted(selected[slot]), selection.service
        target = found[0] if len(found) == 1 else itself
        relations = [same(each, target) for each in selection.addresses]
        if target != itself and itself not in names:
            relations.append(same(itself, target))
        if len(found) > 1:
            relations += [Relation(itself, RelationType.ROUTES_TO, each) for each in found if each != itself]
        yield Fragment(slot[1], relations=tuple(relations), within=selection.within)


def _selected(namespace: _Namespace, running: dict[Runs, None]) -> dict[_Slot, set[EntityId]]:
    """The services of the pods that each Service selects; selectors are looked up by one label of theirs."""
    by_label: dict[tuple[str, str], list[_Slot]] = defaultdict(list)
    for slot, selection in namespace.selections.items():
        if selection.labels:
            by_label[min(selection.labels)].append(slot)
    found: dict[_Slot, set[EntityId]] = defaultdict(set)
    for each in running:
        for slot in (slot for label in each.labels for slot in by_label.get(label, ())):
            if namespace.selections[slot].labels <= each.labels:
                found[slot].add(each.service)
    return found
