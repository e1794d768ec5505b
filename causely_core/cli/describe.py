"""``causely describe``: one root cause with all that supports it."""

from __future__ import annotations

import click

from causely_core.cli import options
from causely_core.cli.client import fetch
from causely_core.cli.output import console, dump
from causely_core.cli.root_cause_text import tell


@click.group("describe")
def command() -> None:
    """Show one thing in full."""


@command.command("root-cause")
@click.argument("id")
@options.output
@options.api
def root_cause(id: str, output: str, api: str) -> None:
    """Show root cause ID: its symptoms, what supports it, what it does and will do, and what else it could be."""
    found = fetch(api, f"root-causes/{id}")
    if output == "table":
        tell(found, console())
    else:
        dump(found, output)
