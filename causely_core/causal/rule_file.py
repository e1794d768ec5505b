"""The rules of a YAML causal model: what a state does on its own entity and along relations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from attrs import frozen

from causely_core.causal.yaml_node import YamlNode
from causely_core.model import CausalModel, Effect, Propagation, SymptomSpec

DIRECTIONS = ("forward", "inverse")
_STEP = ("along", "direction", "to")
_MODES = ("sync", "async")
_UNDAMPED = 1.0 - 1e-9
"""Stands for certainty on the way along a path, for probabilities stay below 1."""


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


def effects(node: YamlNode) -> list[Effect]:
    """A mapping of symptoms and states to the probability with which they appear."""
    return [Effect(name, entry.probability()) for name, entry in node.mapping().items()]


def local_rules(states: Mapping[str, YamlNode]) -> Iterator[Propagation]:
    """What the symptoms and hidden states do on their own entity."""
    for name, node in states.items():
        entries = node.mapping()
        for effect in effects(entries["effects"]) if "effects" in entries else ():
            yield Propagation(name, "", False, "", effect)


def rules(entity_type: str, node: YamlNode) -> tuple[list[Propagation], list[CausalModel]]:
    """One item of ``propagates``: its rules, and what its path asks of the types on the way."""
    if "path" in node.mapping():
        return _along_path(entity_type, node)
    fields = node.fields((*_STEP, "effects"), ("mode",))
    steps = [_step(fields, neighbour) for neighbour in fields["to"].texts()]
    pairs = product(steps, _effects_by_state(fields["effects"]))
    return [step.rule(state, effect) for step, (state, effect) in pairs], []


def _along_path(entity_type: str, node: YamlNode) -> tuple[list[Propagation], list[CausalModel]]:
    """A path is walked by a hidden state on every type on the way, so that composing stays propagation."""
    fields = node.fields(("path", "effects"), ("attenuation",))
    steps = [_path_step(item) for item in fields["path"].items()]
    if len(steps) < 2:
        raise fields["path"].wrong("expected a path of two relations or more; for one, use 'along'")
    damping = fields["attenuation"].probability() if "attenuation" in fields else _UNDAMPED
    found: list[Propagation] = []
    carriers: list[CausalModel] = []
    for state, effect in _effects_by_state(fields["effects"]):
        first, *onward = _carried(entity_type, state, effect, steps, damping)
        found.append(first)
        carriers += [_carrier(step, rule) for step, rule in zip(steps, onward, strict=False)]
    return found, carriers


def _carried(
    entity_type: str, state: str, effect: Effect, steps: Sequence[_Step], damping: float
) -> Iterator[Propagation]:
    """The rule of each step: the first has the effect's probability, each further one the path's attenuation."""
    probability = effect.probability
    for number, step in enumerate(steps, start=1):
        last = number == len(steps)
        reached = effect.symptom if last else f"{entity_type}.{state}>{steps[-1].neighbour}.{effect.symptom}:{number}"
        yield step.rule(state, Effect(reached, probability))
        state, probability = reached, damping


def _carrier(step: _Step, onward: Propagation) -> CausalModel:
    spec = SymptomSpec(onward.symptom, "Passes on what is the matter further down.", observable=False)
    return CausalModel(step.neighbour, (spec,), (), (onward,))


def _path_step(node: YamlNode) -> _Step:
    fields = node.fields(_STEP, ("mode",))
    step = _step(fields, fields["to"].text())
    if step.neighbour == "*":
        raise fields["to"].wrong("expected an entity type; a path names every type on its way")
    return step


def _step(fields: Mapping[str, YamlNode], neighbour: str) -> _Step:
    return _Step(
        fields["along"].text(),
        fields["direction"].choice(DIRECTIONS) == "inverse",
        neighbour,
        fields["mode"].choice(_MODES) if "mode" in fields else "",
    )


def _effects_by_state(node: YamlNode) -> list[tuple[str, Effect]]:
    return [(state, effect) for state, entry in node.mapping().items() for effect in effects(entry)]
