"""The rules of causal models as people read them: a path is one way, not the hidden states that walk it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from causely_core.causal.carrier import is_carrier
from causely_core.causal.reach import ANY, State
from causely_core.model import CausalModel, Propagation


@frozen
class Way:
    """A state that causes another one: on its own entity, or at the end of one relation or several.

    Attributes:
        source: type and state.
        steps: the relations walked; none when the effect is on the entity itself.
        target: type (``*`` for any) and state.
        probability: over all steps.
    """

    source: State
    steps: tuple[Propagation, ...]
    target: State
    probability: float

    @property
    def along(self) -> str:
        """The relations in words: ``calls inverse sync, part_of forward``."""
        return ", ".join(
            f"{step.relation} {'inverse' if step.inverse else 'forward'} {step.mode}".strip() for step in self.steps
        )

    def enters(self, model: CausalModel) -> bool:
        """Whether it comes along relations to an entity of ``model`` that has the effect."""
        names = [spec.name for spec in model.symptoms]
        return bool(self.steps) and self.target[0] in (ANY, model.entity_type) and self.target[1] in names


def ways(models: Iterable[CausalModel]) -> list[Way]:
    """Every way of ``models``, one model of a type, in their order."""
    by_type = {model.entity_type: model for model in models}
    return [
        way
        for model in by_type.values()
        for rule in model.propagations
        if not is_carrier(rule.symptom)
        for way in _ways(by_type, (model.entity_type, rule.symptom), (), rule, 1.0)
    ]


def _ways(
    models: Mapping[str, CausalModel], source: State, before: tuple[Propagation, ...], rule: Propagation, so_far: float
) -> Iterator[Way]:
    probability = so_far * rule.effect.probability
    steps = (*before, rule) if rule.relation else before
    target = (rule.neighbour if rule.relation else source[0], rule.effect.symptom)
    if not is_carrier(rule.effect.symptom):
        yield Way(source, steps, target, round(probability, 6))
        return
    for onward in models[rule.neighbour].propagations:
        if onward.symptom == rule.effect.symptom:
            yield from _ways(models, source, steps, onward, probability)
