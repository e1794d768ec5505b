"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

config = click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="YAML configuration file.")
data_dir = click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="CAUSELY_DATA_DIR",
    help="Folder for every file of the process.  [default: the user's data folder]",
)
component = click.option(
    "--component",
    type=click.Choice(["agent", "mediator", "executor", "analyzer", "run"]),
    default="run",
    show_default=True,
    help="Who is to read the file; `run` for all in one.",
)
api = click.option(
    "--api",
    default="http://127.0.0.1:8080",
    envvar="CAUSELY_API",
    show_default=True,
    help="Base URL of the analyzer's API.",
)
output = click.option(
    "-o", "--output", type=click.Choice(["table", "json", "yaml"]), default="table", show_default=True
)
