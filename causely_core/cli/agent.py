"""``causely agent``."""

from __future__ import annotations

from pathlib import Path

import click

from causely_core.cli import options


@click.command("agent")
@options.config
@options.data_dir
@click.option(
    "--host-root",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Where the host's file system is mounted.  [default: /]",
)
@click.option("--mediator", metavar="HOST:PORT", help="Where to forward to.  [default: 127.0.0.1:50051]")
def command(config: Path | None, data_dir: Path | None, host_root: Path | None, mediator: str | None) -> None:
    """Run the agent: watch this machine and forward topology and symptoms to the mediator."""
    from causely_core.cli.launch import launch
    from causely_core.services.settings import load_settings

    launch("agent", load_settings(config, data_dir, host_root=host_root, mediator=mediator))
