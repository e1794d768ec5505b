"""Loading plugins as a service does, without being one."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from causely_core.cli.silent import Silent
from causely_core.model import SystemClock
from causely_core.plugins import PluginManager


def loaded(component: str, sections: Mapping[str, Mapping[str, Any]] | None = None) -> PluginManager:
    """Every installed plugin, configured for ``component``; what fails to load is listed with its error.

    Raises:
        ConfigError: sections are wrong, or name plugins that are not installed.
    """
    silent: Any = Silent()  # what it would say is in the list
    with tempfile.TemporaryDirectory() as folder:
        manager = PluginManager(component, SystemClock(), silent, silent, Path(folder), sections or {})
        manager.load_installed()
    return manager
