"""The causal models that all plugins bring, as one catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from causely_core.causal import Catalogue, parse_models
from causely_core.errors import ConfigError
from causely_core.model import CausalModel
from causely_core.plugins import PluginManager


async def load_catalogue(manager: PluginManager) -> Catalogue:
    """The causal models of all plugins merged, later plugins extending earlier ones.

    Raises:
        ConfigError: a model file cannot be read.
        ModelError: a model file is wrong; the line says where.
    """
    catalogue = Catalogue()
    for _, found in await manager.call("causely_causal_models"):
        for model in _models(found):
            catalogue.add(model)
    return catalogue


def _models(found: CausalModel | Path) -> Iterable[CausalModel]:
    if isinstance(found, CausalModel):
        return [found]
    try:
        return parse_models(found.read_text(), str(found))
    except OSError as problem:
        raise ConfigError(f"{found}: cannot be read: {problem.strerror}") from problem
