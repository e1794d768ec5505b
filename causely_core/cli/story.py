"""Telling what a demo run showed: users, symptoms, the one cause, and why not the others."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from causely_core.cli.root_cause_text import tell
from causely_core.services.demo.scenario import Outcome


def tell_story(outcome: Outcome, out: Console) -> None:
    """Print the story of one run."""
    out.rule(f"what happened: {outcome.fault}")
    _users(outcome, out)
    entities = {symptom["entity"] for symptom in outcome.symptoms}
    out.print(f"Symptoms: {len(outcome.symptoms)} on {len(entities)} entities.")
    if outcome.root_causes:
        out.print(f"Root causes: {len(outcome.root_causes)}.")
        for cause in outcome.root_causes:
            tell(cause, out)
    else:
        out.print("No root cause was named.")
    _times(outcome, out)
    verdict = "[green]right[/]" if outcome.right else "[red]wrong[/]"
    out.print(f"The diagnosis is {verdict}.")


def _users(outcome: Outcome, out: Console) -> None:
    for when, seen in (("before", outcome.users_before), ("during the fault", outcome.users_after)):
        if seen:
            out.print(f"Users {when}, over ten seconds: {_experience(seen)}")


def _experience(seen: dict[str, Any]) -> str:
    return f"{seen['count']} requests, {seen['errors']} failed, p95 {seen['p95_ms']:.0f} ms"


def _times(outcome: Outcome, out: Console) -> None:
    if outcome.injected_at and outcome.diagnosed_at:
        out.print(f"Named {outcome.diagnosed_at - outcome.injected_at:.1f} s after the fault began.")
    if outcome.removed_at and outcome.cleared_at:
        out.print(f"Cleared {outcome.cleared_at - outcome.removed_at:.1f} s after the fault was removed.")
