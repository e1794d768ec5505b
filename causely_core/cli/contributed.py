"""Commands that plugins add to ``causely``."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata

import click

from causely_core.errors import PluginError

GROUP = "causely.commands"
"""The entry-point group: a command's name to its :class:`click.Command`."""


def contributed() -> Mapping[str, metadata.EntryPoint]:
    """The commands of installed plugins by name. Nothing of a plugin is imported."""
    return {entry.name: entry for entry in metadata.entry_points(group=GROUP)}


def summary(entry: metadata.EntryPoint) -> str:
    """What the list of commands says of one, which is not imported for that."""
    return f"Of the plugin {entry.module.partition('.')[0]}."


def load(entry: metadata.EntryPoint) -> click.Command:
    """The command itself.

    Raises:
        PluginError: it cannot be imported, or is no command.
    """
    try:
        command = entry.load()
    except Exception as problem:
        raise PluginError(
            f"command {entry.name!r}: {entry.value} cannot be loaded: {type(problem).__name__}: {problem}"
        ) from problem
    if not isinstance(command, click.Command):
        raise PluginError(f"command {entry.name!r}: expected a click.Command at {entry.value}, found {command!r}")
    return command
