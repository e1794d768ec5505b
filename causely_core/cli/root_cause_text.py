"""A root cause, for people to read."""

from __future__ import annotations

from statistics import median
from typing import Any

from rich.console import Console
from rich.markup import escape

from causely_core.cli.explained import at_risk_line, step_line, telling_line
from causely_core.cli.output import cell


def tell(cause: dict[str, Any], out: Console) -> None:
    """Print a root cause as the API gives it, for a person to read."""
    blamed, where = escape(cause["cause"]), escape(cause["entity"])
    out.print(f"[bold]{blamed}[/] on [bold]{where}[/] ({cause['probability']:.0%})")
    out.print(f"  {cause['description']}", markup=False)
    out.print(f"  since {cell('onset', cause['onset'])}, id {cause['id']}")
    if cause.get("gap"):
        out.print(f"  not proven best: another set of causes may be better by up to {cause['gap']:.2g} nats")
    sections(cause, out)


def sections(cause: dict[str, Any], out: Console) -> None:
    """Print what supports a root cause, what speaks against it, and what to do."""
    _section(out, "Explains", [f"{s['symptom']} on {s['entity']}" for s in cause["explains"]])
    _section(out, "Path", [step_line(step) for step in cause["path"]])
    _section(out, "Expected but not seen", [f"{s['symptom']} on {s['entity']}" for s in cause["missing"]])
    _section(out, "Impact", cause["impacted"])
    _section(out, "At risk if left", [at_risk_line(each) for each in cause.get("at_risk", [])])
    _section(out, "Evidence", [_evidence(item, cause["onset"]) for item in cause.get("evidence", [])])
    _section(out, "Busiest in", [cause["hottest"]] if cause.get("hottest") else [])
    _section(out, "Why not", [_alternative(other) for other in cause["alternatives"]])
    _section(out, "Would tell them apart", [telling_line(each) for each in cause.get("would_tell", [])])
    _section(out, "Remediation", cause["remediation"])


def _section(out: Console, title: str, lines: list[str]) -> None:
    if lines:
        out.print(f"[bold]{title}[/]")
        for line in lines:
            out.print(f"  {line}", markup=False)


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
