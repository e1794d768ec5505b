"""``causely record``: a live system's recent past as a folder."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import click

from causely_core.cli import options
from causely_core.cli.client import fetch_all
from causely_core.cli.duration import duration
from causely_core.incidents.incident import Span
from causely_core.incidents.live_topology import LiveTopology
from causely_core.incidents.pseudonyms import Aliases, own_names, pseudonyms, write_names
from causely_core.incidents.recorder import Plan, record, spans
from causely_core.incidents.tally import Tally
from causely_core.model import EntityId, SymptomKey, SystemClock
from causely_core.timeseries.export import export_totals

BASELINE_WINDOWS = 6.0
"""The baseline is this many times as long as the window, unless said otherwise."""


@click.command("record")
@click.argument("out_dir", type=click.Path(path_type=Path))
@click.option("--last", type=duration, default="30m", show_default=True, help="The window to explain, up to now.")
@click.option("--baseline", type=duration, help="The normal time before it.  [default: 6 times the window]")
@options.api
@click.option(
    "--series",
    default="http://127.0.0.1:8428",
    envvar="CAUSELY_SERIES",
    show_default=True,
    help="Base URL of VictoriaMetrics, as the mediator's configuration names it under timeseries.",
)
@click.option("--reported", nargs=2, metavar="ENTITY SYMPTOM", help="What a person noticed: entity id and symptom.")
@click.option("--pseudonyms", "disguise", is_flag=True, help="Replace names by type and number, to share the folder.")
def command(
    out_dir: Path,
    last: float,
    baseline: float | None,
    api: str,
    series: str,
    reported: tuple[str, str] | None,
    disguise: bool,
) -> None:
    """Write what is known of the last minutes into OUT_DIR, for `causely diagnose OUT_DIR`.

    The topology comes from the analyzer, the series from VictoriaMetrics in the cluster: run it where both
    can be reached, such as through `kubectl port-forward`. Raw telemetry stays local: it goes into the folder
    that you name and nowhere else. With --pseudonyms, OUT_DIR.names.json tells you, and only you, who is who.
    """
    topology = LiveTopology.of(fetch_all(api, "entities"), fetch_all(api, "relations"))
    aliases = (pseudonyms if disguise else own_names)(topology.entities)
    before, window = spans(SystemClock().now(), last, baseline or BASELINE_WINDOWS * last)
    shown = topology.disguised(aliases) if disguise else topology
    plan = Plan(shown, aliases, before, window, _reported(reported, aliases))
    tally = asyncio.run(record(out_dir, plan, export_totals(series, before.start, window.end)))
    _tell(out_dir, plan, tally)
    if disguise:
        click.echo(f"who is who: {write_names(out_dir, aliases)}")


def _reported(reported: tuple[str, str] | None, aliases: Aliases) -> SymptomKey | None:
    if reported is None:
        return None
    id, symptom = EntityId(reported[0]), reported[1]
    if id not in aliases:
        why = f"no entity has the id {id!r}; `causely get entities` lists them"
        raise click.BadParameter(why, param_hint="'--reported'")
    return SymptomKey(aliases[id], symptom)


def _tell(folder: Path, plan: Plan, tally: Tally) -> None:
    things = f"{len(plan.topology.entities)} entities, {len(plan.topology.relations)} relations"
    click.echo(f"{folder}: {things}, {tally.tracks} series, {tally.samples} samples")
    click.echo(f"window:   {_clock(plan.window)}")
    baseline = tally.measured(plan.baseline)
    if baseline:
        click.echo(f"baseline: {_clock(baseline)}")
    else:
        click.echo("causely: nothing was measured before the window, so nothing tells what is normal", err=True)


def _clock(span: Span) -> str:
    first, last = (time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at)) for at in (span.start, span.end))
    return f"{first} to {last}"
