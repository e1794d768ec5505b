"""``causely diagnose``: the root causes of a recorded incident."""

from __future__ import annotations

from pathlib import Path

import click

from causely_core.cli.installed import Installed
from causely_core.cli.output import console, dump
from causely_core.cli.uncollected import uncollected
from causely_core.incidents.answer_json import answer_json
from causely_core.incidents.diagnosing import diagnose_incident
from causely_core.incidents.reading import read_incident


@click.command("diagnose")
@click.argument("incident_dir", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--explain", is_flag=True, help="Also show the causal path with what supports it, and the alternatives.")
def command(incident_dir: Path, output: str, explain: bool) -> None:
    """Find the root causes of the incident recorded in INCIDENT_DIR.

    It is read as docs/incidents.md says, and judged by the same detectors, privacy gate and inference as a live
    system. Nothing leaves this machine.
    """
    with uncollected():
        incident = read_incident(incident_dir)
        installed = Installed.load()
        answer = answer_json(diagnose_incident(incident, installed.detectors, installed.catalogue))
    if output == "json":
        dump(answer, "json")
    else:
        from causely_core.cli.answer_text import tell  # programs that ask for JSON need not wait for what text needs

        tell(answer, console(), explain=explain)
