"""``causely simulate``: incidents with known causes, to measure a diagnosis by."""

from __future__ import annotations

import json
from pathlib import Path

import click

from causely_core.cli.duration import duration
from causely_core.incidents.simulation import FEWEST, Simulated, simulate
from causely_core.incidents.writer import EXPECTED, write_incident


@click.command("simulate")
@click.argument("out_dir", type=click.Path(path_type=Path))
@click.option("--entities", type=click.IntRange(FEWEST), default=500, show_default=True, help="About how many.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Same seed, same bytes.")
@click.option("--causes", type=click.IntRange(0, 3), default=1, show_default=True, help="Simultaneous faults.")
@click.option("--count", type=click.IntRange(1), help="Write so many incidents, each into a folder in OUT_DIR.")
@click.option("--step", type=duration, default="15s", show_default=True, help="Time between samples.")
def command(out_dir: Path, entities: int, seed: int, causes: int, count: int | None, step: float) -> None:
    """Write simulated incidents, for `causely diagnose`, with their true causes in expected.json.

    Microservices call each other, databases, caches, queues and third parties; requests queue for processors and
    connections, and faults spread as they do in such systems.
    """
    if not 1.0 <= step <= 60.0:
        raise click.BadParameter("1s to 60s would be right", param_hint="--step")
    folders = [out_dir] if count is None else [out_dir / f"incident-{number:04}" for number in range(count)]
    for number, folder in enumerate(folders):
        _write(folder, simulate(entities, seed, causes, step, number))


def _write(folder: Path, simulated: Simulated) -> None:
    write_incident(folder, simulated.incident)
    named = [{"entity": entity, "cause": cause} for entity, cause in simulated.truth]
    expected = {"root_cause": named[0] if named else None, "root_causes": named}
    (folder / EXPECTED).write_text(json.dumps(expected, indent=2) + "\n")
    told = ", ".join(f"{cause} of {entity}" for entity, cause in simulated.truth) or "nothing is wrong"
    click.echo(f"{folder}: {len(simulated.incident.entities)} entities, {told}")
