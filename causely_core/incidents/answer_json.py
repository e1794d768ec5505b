"""The answer as JSON: the same names as the analyzer's API, with ids as they were recorded."""

from __future__ import annotations

import math
from enum import Enum
from typing import Any

import attrs

from causely_core.incidents.answer import Answer
from causely_core.model import PathStep, RootCause, Symptom, SymptomKey


def answer_json(answer: Answer) -> dict[str, Any]:
    """Everything that was found, JSON-ready.

    ``root_causes`` best first, each with ``explains_reported`` and ``share_of_reported`` (null when nothing was
    reported, or the loss is not measured), ``symptoms`` that were seen, and those ``unexplained``. Times are seconds
    since the epoch; probabilities, severities and shares 0..1.
    """
    told = {
        "window": answer.incident.window,
        "reported": answer.incident.reported,
        "root_causes": [_cause(answer, cause) for cause in answer.diagnosis.root_causes],
        "symptoms": [_symptom(symptom) for symptom in answer.symptoms.values()],
        "unexplained": answer.diagnosis.unexplained,
        "gap": answer.diagnosis.gap,
    }
    shown: dict[str, Any] = answer.ids.told(_plain(told))
    return shown


def _cause(answer: Answer, cause: RootCause) -> dict[str, Any]:
    type = next(entity.type for entity in answer.incident.entities if entity.id == cause.entity)
    related = {"explains_reported": answer.related(cause), "share_of_reported": answer.share(cause)}
    return {"id": cause.id, "entity": cause.entity, "type": type, **related, **_but(cause, "id", "entity")}


def _symptom(symptom: Symptom) -> dict[str, Any]:
    return {"entity": symptom.entity, "symptom": symptom.name, **_but(symptom, "entity", "name")}


def _step(step: PathStep) -> dict[str, Any]:
    return {**_but(step), "source": _state(step.source), "target": _state(step.target)}


def _key(key: SymptomKey) -> dict[str, str]:
    return {"entity": key.entity, "symptom": key.name}


def _state(key: SymptomKey) -> dict[str, str]:
    return {"entity": key.entity, "state": key.name}


def _but(value: Any, *others: str) -> dict[str, Any]:
    """The attributes of an attrs object, without ``others``."""
    names = (field.name for field in attrs.fields(type(value)))
    return {name: getattr(value, name) for name in names if name not in others}


def _plain(value: Any) -> Any:
    """As JSON has it, which knows no number that is none."""
    match value:
        case SymptomKey():
            return _key(value)
        case PathStep():
            return _plain(_step(value))
        case Enum():
            return value.value
        case float() if not math.isfinite(value):
            return None
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
    return _plain(_but(value)) if attrs.has(type(value)) else value
