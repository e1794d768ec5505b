"""``causely get``: what the analyzer knows now."""

from __future__ import annotations

import click

from causely_core.cli import options
from causely_core.cli.client import fetch_all
from causely_core.cli.output import show

COLUMNS = {
    "root-causes": {
        "id": "id",
        "entity": "entity",
        "cause": "cause",
        "probability": "probability",
        "explains": "explains",
        "at risk": "at_risk",
        "since": "onset",
    },
    "symptoms": {
        "entity": "entity",
        "symptom": "name",
        "severity": "severity",
        "value": "value",
        "threshold": "threshold",
        "since": "onset",
    },
    "entities": {"id": "id", "type": "type", "name": "name"},
    "relations": {"source": "source", "type": "type", "target": "target"},
}


@click.command("get")
@click.argument("kind", type=click.Choice(list(COLUMNS)), metavar="root-causes|symptoms|entities|relations")
@click.option("--all", "everything", is_flag=True, help="Cleared root causes and symptoms as well.")
@options.output
@options.api
def command(kind: str, everything: bool, output: str, api: str) -> None:
    """List root causes, symptoms, entities or relations."""
    active = True if kind in ("root-causes", "symptoms") and not everything else None
    rows = fetch_all(api, kind, active=active)
    if not rows and output == "table":
        click.echo(f"no {'' if everything or active is None else 'active '}{kind.replace('-', ' ')}")
        return
    show(rows, COLUMNS[kind], output)
