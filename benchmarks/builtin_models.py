"""The built-in causal models, as the benchmarks use them."""

from __future__ import annotations

from functools import cache

from causely_core.builtin import MODEL_FOLDER
from causely_core.causal import Catalogue, parse_models
from causely_core.model import CausalModel


@cache
def models() -> tuple[CausalModel, ...]:
    """All of them, by file."""
    files = sorted(MODEL_FOLDER.glob("*.yaml"))
    return tuple(model for file in files for model in parse_models(file.read_text(), file.name))


@cache
def catalogue() -> Catalogue:
    """All of them, as one."""
    return Catalogue.of(models())
