"""``causely run``: everything on one machine."""

from __future__ import annotations

from pathlib import Path

import click

from causely_core.cli import options


@click.command("run")
@options.config
@options.data_dir
def command(config: Path | None, data_dir: Path | None) -> None:
    """Run mediator and analyzer in one process on loopback: send OTLP to 127.0.0.1:4317 and look.

    As root, or with ``agent.enabled`` in the configuration file, an agent that watches this machine runs as well.
    """
    from causely_core.cli.launch import launch
    from causely_core.services.settings import load_settings

    launch("run", load_settings(config, data_dir))
