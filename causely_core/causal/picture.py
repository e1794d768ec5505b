"""Causal models as a graph to look at: root causes, what they show, and how that spreads to neighbours."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from attrs import frozen

from causely_core.causal.carrier import is_carrier
from causely_core.causal.ways import Way, ways
from causely_core.model import CausalModel

CAUSE, STATE, SYMPTOM = "cause", "state", "symptom"


@frozen
class Dot:
    """A point of the picture: a root cause, hidden state or symptom of an entity type."""

    entity_type: str
    name: str
    kind: str


@frozen
class Line:
    """``tail`` causes ``head``; the label tells how likely, and along which relations."""

    tail: Dot
    head: Dot
    label: str


@frozen
class Picture:
    """What is drawn, each dot and line once.

    Attributes:
        dots: by entity type; the points of a type follow each other.
    """

    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]


def picture(models: Iterable[CausalModel], types: Collection[str] = (), cause: str = "") -> Picture:
    """Draw causal models.

    Args:
        models: one of a type.
        types: only these in full, their neighbours only where something spreads to them; all when empty.
        cause: only root causes of this name and what follows from them, up to the next neighbour.
    """
    known = list(models)
    chosen = [model for model in known if not types or model.entity_type in types]
    from_causes = [line for model in chosen for line in _shown(model, cause)]
    onward = [_line(known, way) for way in ways(known) if not types or way.source[0] in types]
    lines = _following(from_causes, onward) if cause else [*from_causes, *onward]
    alone = [] if cause else [dot for model in chosen for dot in _symptoms(model)]
    dots = dict.fromkeys([*alone, *(dot for line in lines for dot in (line.tail, line.head))])
    return Picture(tuple(sorted(dots, key=lambda dot: dot.entity_type)), tuple(dict.fromkeys(lines)))


def _shown(model: CausalModel, only: str) -> Iterator[Line]:
    for cause in model.root_causes:
        if only in ("", cause.name):
            tail = Dot(model.entity_type, cause.name, CAUSE)
            for effect in cause.effects:
                yield Line(tail, _dot([model], model.entity_type, effect.symptom), f"{effect.probability:g}")


def _following(first: Sequence[Line], onward: Sequence[Line]) -> list[Line]:
    """``first`` and what follows from them; lines to other types are the last."""
    found = dict.fromkeys(first)
    todo = list(first)
    while todo:
        last = todo.pop(0)
        if last.head.entity_type == last.tail.entity_type:
            fresh = [line for line in onward if line.tail == last.head and line not in found]
            found.update(dict.fromkeys(fresh))
            todo += fresh
    return list(found)


def _line(models: Sequence[CausalModel], way: Way) -> Line:
    label = f"{way.probability:g} {way.along}".strip()
    return Line(_dot(models, *way.source), _dot(models, *way.target), label)


def _dot(models: Sequence[CausalModel], entity_type: str, state: str) -> Dot:
    specs = [spec for model in models if model.entity_type == entity_type for spec in model.symptoms]
    hidden = any(spec.name == state and not spec.observable for spec in specs)
    return Dot(entity_type, state, STATE if hidden else SYMPTOM)


def _symptoms(model: CausalModel) -> Iterator[Dot]:
    specs = [spec for spec in model.symptoms if not is_carrier(spec.name)]
    return (Dot(model.entity_type, spec.name, SYMPTOM if spec.observable else STATE) for spec in specs)
