"""``causely config``: look at configuration files."""

from __future__ import annotations

from pathlib import Path

import click

from causely_core.cli import options
from causely_core.cli.loading import loaded
from causely_core.cli.output import show
from causely_core.errors import ConfigError
from causely_core.plugins import PluginManager
from causely_core.services.admin import describe
from causely_core.services.settings import Settings, load_settings

EVERYTHING = ("mediator", "analyzer", "agent")
"""What ``causely run`` is made of."""

COLUMNS = {"plugin": "name", "version": "version", "component": "component", "state": "state", "error": "error"}


@click.group("config")
def command() -> None:
    """Look at configuration files."""


@command.command("check")
@options.component
@click.option("--config", required=True, type=click.Path(path_type=Path, dir_okay=False), help="YAML file to check.")
def check(component: str, config: Path) -> None:
    """Check a configuration file and the plugins' sections in it, as a component does when it starts.

    One line for each wrong value, and exit code 78; else `ok` and the plugins that would be loaded.
    """
    settings = load_settings(config)
    managers = _managers(EVERYTHING if component == "run" else (component,), settings)
    click.echo(f"ok: {config} for {component}")
    show([row for manager in managers for row in describe(manager)], COLUMNS, "table")


def _managers(components: tuple[str, ...], settings: Settings) -> list[PluginManager]:
    found: list[PluginManager] = []
    wrong: list[str] = []
    for component in components:
        try:
            found.append(loaded(component, settings.sections(component)))
        except ConfigError as problem:
            wrong += problem.lines
    if wrong:
        raise ConfigError(*dict.fromkeys(wrong))
    return found
