"""The answer as JSON: the same names as the analyzer's API, with ids as they were recorded."""

from __future__ import annotations

import math
from typing import Any

import cattrs

from causely_core.incidents.answer import Answer
from causely_core.model import PathStep, RootCause, Symptom, SymptomKey


def answer_json(answer: Answer) -> dict[str, Any]:
    """Everything that was found, JSON-ready.

    ``root_causes`` best first, each with ``explains_reported`` and ``share_of_reported`` (null when nothing was
    reported, or the loss is not measured), ``symptoms`` that were seen, and those ``unexplained``. Times are seconds
    since the epoch; probabilities, severities and shares 0..1.
    """
    reported = answer.incident.reported
    told = {
        "window": _CONVERTER.unstructure(answer.incident.window),
        "reported": reported and _key(reported),
        "root_causes": [_cause(answer, cause) for cause in answer.diagnosis.root_causes],
        "symptoms": [_symptom(symptom) for symptom in answer.symptoms.values()],
        "unexplained": [_key(key) for key in answer.diagnosis.unexplained],
        "gap": answer.diagnosis.gap,
    }
    shown: dict[str, Any] = _finite(answer.ids.told(told))
    return shown


def _cause(answer: Answer, cause: RootCause) -> dict[str, Any]:
    type = next(entity.type for entity in answer.incident.entities if entity.id == cause.entity)
    plain = _CONVERTER.unstructure(cause)
    related = {"explains_reported": answer.related(cause), "share_of_reported": answer.share(cause)}
    return {"id": plain.pop("id"), "entity": plain.pop("entity"), "type": type, **related, **plain}


def _symptom(symptom: Symptom) -> dict[str, Any]:
    plain: dict[str, Any] = _CONVERTER.unstructure(symptom)
    return {"entity": plain.pop("entity"), "symptom": plain.pop("name"), **plain}


def _key(key: SymptomKey) -> dict[str, str]:
    return {"entity": key.entity, "symptom": key.name}


def _step(step: PathStep) -> dict[str, Any]:
    plain: dict[str, Any] = _PLAIN.unstructure(step)
    states = {"source": _state(step.source), "target": _state(step.target)}
    return {**plain, **states}


def _state(key: SymptomKey) -> dict[str, str]:
    return {"entity": key.entity, "state": key.name}


def _finite(value: Any) -> Any:
    """JSON has no number that is none."""
    match value:
        case float() if not math.isfinite(value):
            return None
        case dict():
            return {key: _finite(each) for key, each in value.items()}
        case list() | tuple():
            return [_finite(each) for each in value]
    return value


_PLAIN = cattrs.Converter()
_CONVERTER = cattrs.Converter()
_CONVERTER.register_unstructure_hook(PathStep, _step)
_CONVERTER.register_unstructure_hook(SymptomKey, _key)
