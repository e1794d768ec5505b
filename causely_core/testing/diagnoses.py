"""Judging a diagnosis, and showing how it came about when it is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from causely_core.testing.fix import fix


def assert_diagnosis(
    found: Iterable[Mapping[str, Any]], cause: str, entity: str, *, explains: Iterable[tuple[str, str]] = ()
) -> None:
    """Fail unless the root cause on top is ``cause`` on ``entity``, and it is shown to explain what it should.

    Args:
        found: root causes as the API tells them in full, the most probable first.
        cause: its name in the causal model.
        entity: its id.
        explains: symptom and entity id of what its causal paths must reach.
    """
    known = list(found)
    top = known[0] if known else {}
    if (top.get("cause"), top.get("entity")) != (cause, entity):
        fix(f"{cause} on {entity} is not the root cause on top:\n{explain(known)}", "see what speaks for another above")
    reached = {(each["symptom"], each["entity"]) for each in top["explains"]}
    for symptom, where in explains:
        if (symptom, where) not in reached:
            told = f"{cause} on {entity} does not explain {symptom} on {where}:\n{explain(known)}"
            fix(told, "see which step of the causal path is missing above")


def explain(found: Iterable[Mapping[str, Any]], symptoms: Iterable[Mapping[str, Any]] = ()) -> str:
    """The causal graph of what was found, a line an arrow, and the symptoms beside it."""
    lines = [line for each in found for line in _lines(each)] or ["no root cause"]
    lines += [f"symptom {each['name']} on {each['entity']}" for each in symptoms]
    return "\n".join(lines)


def _lines(cause: Mapping[str, Any]) -> Iterator[str]:
    yield f"{cause['cause']} on {cause['entity']} ({cause['probability']:.0%})"
    for step in cause["path"]:
        source, target = step["source"], step["target"]
        along = f" ({step['relation']})" if step["relation"] else ""
        yield f"  {source['state']} on {source['entity']} -> {target['state']} on {target['entity']}{along}"
    for other in cause["alternatives"]:
        yield f"  rather than {other['cause']} on {other['entity']} ({other['probability']:.0%}): {other['reason']}"
