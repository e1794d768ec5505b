"""An answer to a recorded incident, for people to read."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape

from causely_core.cli.output import cell
from causely_core.cli.root_cause_text import sections


def tell(answer: dict[str, Any], out: Console, *, explain: bool) -> None:
    """Print what :func:`answer_json` made; with ``explain`` each cause in full."""
    causes = answer["root_causes"]
    if not causes:
        out.print("[bold]No root cause found[/]")
    for number, cause in enumerate(causes, start=1):
        _tell_cause(number, cause, out)
        if explain:
            sections(cause, out)
    if answer["unexplained"]:
        out.print("[bold]Symptoms that nothing explains[/]")
        for key in answer["unexplained"]:
            out.print(f"  {key['symptom']} on {key['entity']}", markup=False)
    if answer["gap"] > 0.0:
        out.print(f"Not proven best: another set of causes may be better by up to {answer['gap']:.1f} nats.")


def _tell_cause(number: int, cause: dict[str, Any], out: Console) -> None:
    unrelated = " [dim]unrelated to what was reported[/]" if cause["explains_reported"] is False else ""
    blamed, where = escape(cause["cause"]), escape(cause["entity"])
    out.print(f"{number}. [bold]{blamed}[/] on [bold]{where}[/] ({cause['probability']:.0%}){unrelated}")
    out.print(f"   {cause['description']}", markup=False)
    out.print(f"   since {cell('onset', cause['onset'])}, explains {len(cause['explains'])} symptoms")
    if cause["share_of_reported"] is not None:
        out.print(f"   {cause['share_of_reported']:.0%} of what was reported comes from there")
