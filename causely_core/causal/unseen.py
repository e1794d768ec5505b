"""Symptoms that no installed detector judges, or not as their model says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from causely_core.causal.problem_line import Finding
from causely_core.model import CausalModel, SymptomSpec
from causely_core.yaml_lines import suggestion

Detectors = Mapping[str, Mapping[str, str]]
"""Name of a detector to the symptoms it judges, each with the attribute that shows it."""


def unseen(models: Sequence[CausalModel], detectors: Detectors) -> Iterator[Finding]:
    """One finding for each such symptom of ``models``."""
    for model in models:
        for spec in model.symptoms:
            if text := _why_unseen(spec, detectors):
                yield Finding((model.entity_type, spec), f"{model.entity_type}.{spec.name}", text)


def _why_unseen(spec: SymptomSpec, detectors: Detectors) -> str:
    """Why no installed detector judges the symptom as its model says; empty when one does."""
    if not spec.observable:
        return ""
    if not spec.detector:
        known = any(spec.name in judged for judged in detectors.values())
        return "" if known else f"no installed detector judges {spec.name!r}"
    if spec.detector not in detectors:
        return f"no detector {spec.detector!r} is installed, {suggestion(spec.detector, detectors)}"
    judged = detectors[spec.detector]
    if spec.name not in judged:
        return f"detector {spec.detector!r} does not judge {spec.name!r}, it judges {', '.join(judged)}"
    attribute = judged[spec.name]
    wrong = spec.attribute not in ("", attribute)
    return f"detector {spec.detector!r} judges {attribute!r}, not {spec.attribute!r}" if wrong else ""
