"""What the core itself brings, registered through the same hooks as anyone's plugin."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from causely_core.detection.builtin import builtin_detectors
from causely_core.hookspecs import API_VERSION, HookContext, SymptomDetector, hookimpl

MODEL_FOLDER = Path(__file__).parent / "causal" / "models"


class CorePlugin:
    """The built-in symptom detectors and the causal model catalogue."""

    causely_api = API_VERSION

    @hookimpl
    def causely_symptom_detectors(self, context: HookContext) -> Iterable[SymptomDetector]:
        """The detectors of docs/attributes.md."""
        return builtin_detectors()

    @hookimpl
    def causely_causal_models(self) -> Iterable[Path]:
        """One file an entity family."""
        return sorted(MODEL_FOLDER.glob("*.yaml"))
