"""``causely analyzer``."""

from __future__ import annotations

from pathlib import Path

import click

from causely_core.cli import options


@click.command("analyzer")
@options.config
@options.data_dir
def command(config: Path | None, data_dir: Path | None) -> None:
    """Run the analyzer: mediators on 50055, API on 8080."""
    from causely_core.cli.launch import launch
    from causely_core.services.settings import load_settings

    launch("analyzer", load_settings(config, data_dir))
