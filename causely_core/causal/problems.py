"""What is wrong with causal models, or likely to be, that only all of them together show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from causely_core.causal.carrier import is_carrier
from causely_core.causal.model_file import Part, Places
from causely_core.causal.problem_line import Finding, Problem
from causely_core.causal.reach import ANY, Reach
from causely_core.causal.unseen import Detectors, unseen
from causely_core.model import CausalModel, Propagation, RelationType
from causely_core.yaml_lines import suggestion

__all__ = ["Detectors", "Problem", "problems", "undeclared"]


def problems(models: Iterable[CausalModel], places: Places, detectors: Detectors | None = None) -> list[Problem]:
    """All problems of causal models.

    Args:
        models: one of a type.
        places: where parts of the models are written, as far as known.
        detectors: all installed ones; none to leave out what depends on them.
    """
    known = list(models)
    found = [*_undeclared(known), *_unmet(known), *_strange(known), *_silent(known)]
    if detectors is not None:
        found += unseen(known, detectors)
    return list(dict.fromkeys(finding.at(places) for finding in found))


def undeclared(models: Iterable[CausalModel]) -> list[Problem]:
    """Effects and spreading states that their own entity type does not declare.

    Such a symptom takes part with the default leak and miss, but is most often a typing error.
    """
    return list(dict.fromkeys(finding.at({}) for finding in _undeclared(models)))


def _undeclared(models: Iterable[CausalModel]) -> Iterator[Finding]:
    for model in models:
        declared = [spec.name for spec in model.symptoms if not is_carrier(spec.name)]
        for part, where, name in _mentioned(model):
            if name not in declared:
                yield Finding(part, where, f"symptom {name!r} is not declared, {suggestion(name, declared)}")


def _mentioned(model: CausalModel) -> Iterator[tuple[Part, str, str]]:
    """What a model says of its own type's states: the part that says it, its name, the state's name."""
    type = model.entity_type
    for cause in model.root_causes:
        for effect in cause.effects:
            yield (type, cause.name, effect), f"{type}.{cause.name}", effect.symptom
    for rule in model.propagations:
        if is_carrier(rule.symptom):
            continue
        yield (type, rule), _name(type, rule), rule.symptom
        if not rule.relation:
            yield (type, rule), _name(type, rule), rule.effect.symptom


def _unmet(models: Sequence[CausalModel]) -> Iterator[Finding]:
    """Rules along relations that end on a type without the effect: nothing is drawn for them."""
    symptoms = {model.entity_type: [spec.name for spec in model.symptoms] for model in models}
    every = [name for names in symptoms.values() for name in names]
    for type, rule in _rules(models):
        there, effect = rule.neighbour, rule.effect.symptom
        if not rule.relation or is_carrier(effect) or effect in (every if there == ANY else symptoms.get(there, ())):
            continue
        if there != ANY and there not in symptoms:
            text = f"there is no causal model of {there!r}, {suggestion(there, symptoms)}"
        else:
            names = [name for name in (every if there == ANY else symptoms[there]) if not is_carrier(name)]
            whose = "no type has" if there == ANY else f"{there} does not have"
            text = f"{whose} a symptom {effect!r}, {suggestion(effect, dict.fromkeys(names))}"
        yield Finding((type, rule), _name(type, rule), text)


def _strange(models: Sequence[CausalModel]) -> Iterator[Finding]:
    """Relations close to one that the core knows; others may be a plugin's own."""
    known = [str(each) for each in RelationType]
    for type, rule in _rules(models):
        close = get_close_matches(rule.relation, known, n=1)
        if rule.relation not in ("", *known) and close:
            yield Finding(
                (type, rule), _name(type, rule), f"relation {rule.relation!r} is not known, did you mean {close[0]!r}?"
            )


def _silent(models: Sequence[CausalModel]) -> Iterator[Finding]:
    """Causes and hidden states from which no symptom is reached, on the entity itself or further on."""
    reach = Reach.of(models)
    for model in models:
        type = model.entity_type
        for cause in model.root_causes:
            if not any(reach.shows(type, effect.symptom) for effect in cause.effects):
                text = f"root cause {cause.name!r} leads to no symptom that can be observed; it can never be found"
                yield Finding((type, cause), f"{type}.{cause.name}", text, fatal=True)
        for spec in model.symptoms:
            if not spec.observable and not is_carrier(spec.name) and not reach.shows(type, spec.name):
                yield Finding((type, spec), f"{type}.{spec.name}", f"hidden state {spec.name!r} leads to no symptom")


def _rules(models: Iterable[CausalModel]) -> Iterator[tuple[str, Propagation]]:
    return ((model.entity_type, rule) for model in models for rule in model.propagations)


def _name(type: str, rule: Propagation) -> str:
    return f"{type}.propagates" if rule.relation else f"{type}.{rule.symptom}"
