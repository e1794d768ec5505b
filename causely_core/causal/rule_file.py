"""The rules of a YAML causal model: what a state does on its own entity and along relations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from attrs import frozen

from causely_core.causal.carrier import carrier_name
from causely_core.causal.model_node import ModelNode
from causely_core.causal.reach import ANY
from causely_core.model import Effect, Propagation

DIRECTIONS = ("forward", "inverse")
MODES = ("sync", "async")
_STEP = ("along", "direction", "to")
_UNDAMPED = 1.0 - 1e-9
"""Stands for certainty on the way along a path, for probabilities stay below 1."""


@frozen
class Rule:
    """A propagation, the type whose state spreads by it, and the ``file:line`` that asks for it."""

    entity_type: str
    propagation: Propagation
    place: str


@frozen
class _Step:
    """One relation walked: which, which way, to which type, and over which mode of it."""

    relation: str
    inverse: bool
    neighbour: str
    mode: str = ""

    def rule(self, state: str, effect: Effect) -> Propagation:
        """``state`` does ``effect`` at the end of this step."""
        return Propagation(state, self.relation, self.inverse, self.neighbour, effect, self.mode)

    def __str__(self) -> str:
        return f"{self.relation}/{self.mode}{'<' if self.inverse else ''}>{self.neighbour}"


def effects(node: ModelNode) -> list[tuple[Effect, str]]:
    """A mapping of symptoms and states to the probability with which they appear; each with its ``file:line``."""
    entries = node.named()
    if not entries:
        raise node.wrong("expected an effect or more, got none")
    return [(Effect(name, entry.probability()), entry.place) for name, entry in entries.items()]


def local_rules(entity_type: str, states: Mapping[str, ModelNode]) -> Iterator[Rule]:
    """What the symptoms and hidden states do on their own entity."""
    for name, node in states.items():
        entries = node.mapping()
        if "effects" not in entries:
            continue
        if name in entries["effects"].named():
            raise entries["effects"].mapping()[name].wrong(f"{name!r} cannot be an effect of itself")
        for effect, place in effects(entries["effects"]):
            yield Rule(entity_type, Propagation(name, "", False, "", effect), place)


def rules(entity_type: str, node: ModelNode) -> Iterator[Rule]:
    """The rules of one item of ``propagates``; those of a path belong to the types on its way as well."""
    if "path" in node.mapping():
        yield from _along_path(entity_type, node)
        return
    fields = node.fields((*_STEP, "effects"), ("mode",))
    steps = [_step(fields, neighbour) for neighbour in _neighbours(fields["to"])]
    for step, (state, entry) in product(steps, _by_state(fields["effects"])):
        for effect, place in effects(entry):
            yield Rule(entity_type, step.rule(state, effect), place)


def _along_path(entity_type: str, node: ModelNode) -> Iterator[Rule]:
    """A path is walked by a hidden state on every type on the way, so that composing stays propagation."""
    fields = node.fields(("path", "effects"), ("attenuation",))
    steps = [_path_step(item) for item in fields["path"].items()]
    if len(steps) < 2:
        raise fields["path"].wrong("expected a path of two relations or more; for one, use 'along'")
    damping = fields["attenuation"].probability() if "attenuation" in fields else _UNDAMPED
    for state, entry in _by_state(fields["effects"]):
        yield from _carried(entity_type, state, entry, steps, damping)


def _carried(entity_type: str, state: str, entry: ModelNode, steps: Sequence[_Step], damping: float) -> Iterator[Rule]:
    """Every step but the last has the path's attenuation, the last one the probabilities of the effects."""
    way = ">".join(map(str, steps))
    owners = [entity_type, *(step.neighbour for step in steps)]
    carried = [state, *(carrier_name(entity_type, state, way, number) for number in range(1, len(steps)))]
    for owner, step, here, there in zip(owners, steps, carried, carried[1:], strict=False):
        yield Rule(owner, step.rule(here, Effect(there, damping)), entry.place)
    for effect, place in effects(entry):
        yield Rule(owners[-2], steps[-1].rule(carried[-1], effect), place)


def _by_state(node: ModelNode) -> list[tuple[str, ModelNode]]:
    if not node.named():
        raise node.wrong("expected a state or symptom that spreads, got none")
    return list(node.named().items())


def _neighbours(node: ModelNode) -> list[str]:
    """One entity type or several; or any type."""
    if not node.is_list():
        return [ANY if node.text() == ANY else node.name()]
    names: list[str] = []
    for item in node.items():
        if item.name() in names:
            raise item.wrong(f"{item.name()!r} is given twice")
        names.append(item.name())
    if not names:
        raise node.wrong("expected an entity type or a list of them, got an empty list")
    return names


def _path_step(node: ModelNode) -> _Step:
    fields = node.fields(_STEP, ("mode",))
    if fields["to"].is_list() or fields["to"].text() == ANY:
        raise fields["to"].wrong("expected one entity type; a path names the type at the end of each step")
    return _step(fields, fields["to"].name())


def _step(fields: Mapping[str, ModelNode], neighbour: str) -> _Step:
    return _Step(
        fields["along"].name(),
        fields["direction"].choice(DIRECTIONS) == "inverse",
        neighbour,
        fields["mode"].choice(MODES) if "mode" in fields else "",
    )
