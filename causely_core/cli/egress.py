"""``causely egress``: the ledger of all that crossed the privacy boundary."""

from __future__ import annotations

import json
from pathlib import Path

import click

from causely_core.cli import options
from causely_core.cli.output import show
from causely_core.egress.ledger import read_ledger
from causely_core.services.settings import default_data_dir

COLUMNS = {
    "time": "time",
    "direction": "direction",
    "kind": "kind",
    "items": "items",
    "bytes": "bytes",
    "destination": "destination",
}


@click.command("egress")
@options.data_dir
@click.option("--last", type=click.IntRange(min=1), default=50, show_default=True, help="Newest entries to show.")
@options.output
def command(data_dir: Path | None, last: int, output: str) -> None:
    """Show what crossed from the cluster to the analyzer, and what was redacted or dropped."""
    crossings = read_ledger(data_dir or default_data_dir(), last=last)
    show([json.loads(crossing.to_json()) for crossing in crossings], COLUMNS, output)
