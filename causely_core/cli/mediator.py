"""``causely mediator``."""

from __future__ import annotations

from pathlib import Path

import click

from causely_core.cli import options


@click.command("mediator")
@options.config
@options.data_dir
def command(config: Path | None, data_dir: Path | None) -> None:
    """Run the mediator: OTLP on 4317 and 4318, agents on 50051."""
    from causely_core.cli.launch import launch
    from causely_core.services.settings import load_settings

    launch("mediator", load_settings(config, data_dir))
