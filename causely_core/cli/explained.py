"""Lines that explain a root cause, from what the API gives; an older analyzer may leave out what it does not know."""

from __future__ import annotations

from typing import Any

from causely_core.cli.output import cell


def step_line(step: dict[str, Any]) -> str:
    """One arrow of the causal path, with what was seen at its end."""
    source, target = step["source"], step["target"]
    along = f" ({step['relation']})" if step["relation"] else ""
    seen = f": {_seen(step['support'])}" if step.get("support") else ""
    return f"{source['state']} on {source['entity']} -> {target['state']} on {target['entity']}{along}{seen}"


def telling_line(telling: dict[str, Any]) -> str:
    """A symptom to look at, and for which cause it would speak."""
    favours = telling["favours"]
    attribute = f" ({telling['attribute']})" if telling["attribute"] else ""
    look = f"{telling['symptom']} on {telling['entity']}{attribute}"
    return f"{look}: if seen, {favours['cause']} on {favours['entity']} ({telling['gain']:.2f} bits)"


def at_risk_line(risk: dict[str, Any]) -> str:
    """An entity that will probably degrade, and how."""
    return f"{risk['entity']}: {risk['symptom']} ({risk['probability']:.0%})"


def _seen(support: dict[str, Any]) -> str:
    if support["state"] == "active":
        return f"{_measured(support)} since {cell('onset', support['onset'])}, severity {support['severity']:.0%}"
    return "not seen" if support["state"] == "absent" else "not watched"


def _measured(support: dict[str, Any]) -> str:
    """The value beside what is usual and what was broken, as far as they are known."""
    against = [
        f"{word} {cell(key, support[key])}"
        for word, key in (("usual", "center"), ("limit", "threshold"))
        if support[key] is not None
    ]
    return f"{support['attribute']} {cell('value', support['value'])}" + (f" ({', '.join(against)})" if against else "")
