"""``causely describe``: one root cause with all that supports it."""

from __future__ import annotations

from statistics import median
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from causely_core.cli import options
from causely_core.cli.client import fetch
from causely_core.cli.output import cell, console, dump


@click.group("describe")
def command() -> None:
    """Show one thing in full."""


@command.command("root-cause")
@click.argument("id")
@options.output
@options.api
def root_cause(id: str, output: str, api: str) -> None:
    """Show the symptoms, path, evidence and impact of root cause ID."""
    found = fetch(api, f"root-causes/{id}")
    if output == "table":
        tell(found, console())
    else:
        dump(found, output)


def tell(cause: dict[str, Any], out: Console) -> None:
    """Print a root cause as the API gives it, for a person to read."""
    blamed, where = escape(cause["cause"]), escape(cause["entity"])
    out.print(f"[bold]{blamed}[/] on [bold]{where}[/] ({cause['probability']:.0%})")
    out.print(f"  {cause['description']}", markup=False)
    out.print(f"  since {cell('onset', cause['onset'])}, id {cause['id']}")
    _section(out, "Explains", [f"{s['symptom']} on {s['entity']}" for s in cause["explains"]])
    _section(out, "Path", [_step(step) for step in cause["path"]])
    _section(out, "Expected but not seen", [f"{s['symptom']} on {s['entity']}" for s in cause["missing"]])
    _section(out, "Impact", cause["impacted"])
    _section(out, "Evidence", [_evidence(item, cause["onset"]) for item in cause.get("evidence", [])])
    _section(out, "Why not", [_alternative(other) for other in cause["alternatives"]])
    _section(out, "Remediation", cause["remediation"])


def _section(out: Console, title: str, lines: list[str]) -> None:
    if lines:
        out.print(f"[bold]{title}[/]")
        for line in lines:
            out.print(f"  {line}", markup=False)


def _step(step: dict[str, Any]) -> str:
    source, target = step["source"], step["target"]
    along = f" ({step['relation']})" if step["relation"] else ""
    return f"{source['state']} on {source['entity']} -> {target['state']} on {target['entity']}{along}"


def _alternative(other: dict[str, Any]) -> str:
    return f"{other['cause']} on {other['entity']} ({other['probability']:.0%}): {other['reason']}"


def _evidence(item: dict[str, Any], onset: float) -> str:
    """A series by its medians before and since the onset."""
    points = list(zip(item["times"], item["values"], strict=True))
    before = [value for time, value in points if time < onset]
    since = [value for time, value in points if time >= onset]
    return f"{item['entity']} {item['title']}: {_median(before)} before, {_median(since)} since"


def _median(values: list[float]) -> str:
    return f"{median(values):.3g}" if values else "nothing"
