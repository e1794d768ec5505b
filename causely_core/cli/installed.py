"""The causal models and detectors that are installed, as an analyzer and a mediator would load them."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import click
from attrs import frozen

from causely_core.catalogue import load_catalogue
from causely_core.causal import Catalogue
from causely_core.causal.problems import Detectors
from causely_core.cli.silent import Silent
from causely_core.detection import SymptomDetector
from causely_core.model import SystemClock
from causely_core.plugins import PluginManager


@frozen
class Installed:
    """What the core and all plugins bring.

    Attributes:
        catalogue: all causal models merged.
        detectors: of symptoms, plugin by plugin.
    """

    catalogue: Catalogue
    detectors: tuple[SymptomDetector, ...]

    @property
    def judged(self) -> Detectors:
        """Each detector's name with the symptoms that it judges, each with its attribute."""
        found: dict[str, dict[str, str]] = {}
        for detector in self.detectors:
            found.setdefault(detector.name, {}).update(detector.symptoms)
        return found

    @classmethod
    def load(cls) -> Installed:
        """Ask every plugin; one that fails is told on stderr and left out.

        Raises:
            ConfigError: a plugin's model file cannot be read, or is wrong.
        """
        silent: Any = Silent()  # what it would log is told below
        with tempfile.TemporaryDirectory() as folder:
            manager = PluginManager("mediator", SystemClock(), silent, silent, Path(folder))
            manager.load_installed()
            found = asyncio.run(cls._ask(manager))
        for plugin in manager.plugins.values():
            if plugin.error:
                click.echo(f"causely: plugin {plugin.name} is left out: {plugin.error}", err=True)
        return found

    @classmethod
    async def _ask(cls, manager: PluginManager) -> Installed:
        catalogue = await load_catalogue(manager)
        found = await manager.call("causely_symptom_detectors")
        return cls(catalogue, tuple(detector for _, detector in found))
