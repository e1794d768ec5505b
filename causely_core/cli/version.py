"""``causely version``."""

from __future__ import annotations

import platform

import click

from causely_core import __version__
from causely_core.hookspecs import API_VERSION


@click.command("version")
def command() -> None:
    """Print the version, the plugin API version and the Python it runs on."""
    click.echo(f"causely {__version__} (plugin API {API_VERSION}, Python {platform.python_version()})")
