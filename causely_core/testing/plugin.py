"""The fixtures, as pytest finds them. Everything is imported when it is used: all runs of pytest load this module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from causely_core.hookspecs import HookContext
    from causely_core.model import ManualClock
    from causely_core.testing.asking import Contexts

START = 1_700_000_000.0
"""Where clocks of tests stand at first, in seconds since the epoch: far from today, so that a wrong clock shows."""


@pytest.fixture
def plugin() -> Any:
    """The plugin under test: a class or an object. Give one of your own; without, ``context`` has no configuration."""
    return None


@pytest.fixture
def section() -> dict[str, Any]:
    """The plugin's section of the configuration file, as parsed YAML. Give your own to test a configured plugin."""
    return {}


@pytest.fixture
def component() -> str:
    """The part that loads the plugin: ``agent``, ``mediator``, ``executor`` or ``analyzer``."""
    return "mediator"


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands still until the test moves it."""
    from causely_core.model import ManualClock

    return ManualClock(START)


@pytest.fixture
def contexts(plugin: Any, section: dict[str, Any], component: str, clock: ManualClock, tmp_path: Path) -> Contexts:
    """Makes contexts: each is of a plugin object of its own, with a folder of its own."""
    from causely_core.testing.asking import Contexts

    return Contexts(plugin, section, component, clock, tmp_path / "plugin-data")


@pytest.fixture
def context(contexts: Contexts) -> HookContext:
    """What a hook of the plugin gets: the fake clock, a folder of the test's, and its configuration, checked."""
    return contexts.make()
