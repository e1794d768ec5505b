"""How a root cause is explained to a person."""

import io
import time

import pytest
from rich.console import Console

from causely_core.cli.root_cause_text import tell

ONSET = 1_000.0
SINCE = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(ONSET))
SEEN = {"state": "active", "attribute": "cpu", "value": 0.97, "threshold": 0.8, "center": 0.3, "onset": ONSET}
CAUSE = {
    "id": "rc1",
    "entity": "Service:cart",
    "cause": "CPUCongested",
    "probability": 0.6,
    "description": "It is short of processor.",
    "onset": ONSET,
    "explains": [],
    "path": [],
    "missing": [],
    "impacted": [],
    "alternatives": [],
    "remediation": [],
}


def step(support):
    source, target = {"entity": "Node:n", "state": "Hot"}, {"entity": "Service:[x]", "state": "Slow"}
    return {"source": source, "target": target, "relation": "runs_on, selects", "probability": 0.8, "support": support}


def lines(**more):
    out = Console(file=io.StringIO(), width=200, highlight=False)
    tell({**CAUSE, **more}, out)
    return out.file.getvalue().splitlines()


@pytest.mark.parametrize(
    ("support", "told"),
    [
        (None, ""),
        ({**SEEN, "severity": 0.5}, f": cpu 0.97 (usual 0.3, limit 0.8) since {SINCE}, severity 50%"),
        ({**SEEN, "severity": 0.5, "center": None}, f": cpu 0.97 (limit 0.8) since {SINCE}, severity 50%"),
        ({"state": "absent"}, ": not seen"),
        ({"state": "unknown"}, ": not watched"),
    ],
)
def test_a_step_tells_what_was_seen(support, told):
    assert lines(path=[step(support)])[-1] == f"  Hot on Node:n -> Slow on Service:[x] (runs_on, selects){told}"


def test_what_would_tell_is_told_with_what_it_would_speak_for():
    favours = {"entity": "Service:[x]", "cause": "LockContention"}
    look = {"entity": "Service:cart", "symptom": "Wait_High", "attribute": "wait", "gain": 0.314, "favours": favours}
    assert lines(would_tell=[look, {**look, "attribute": ""}])[-3:] == [
        "Would tell them apart",
        "  Wait_High on Service:cart (wait): if seen, LockContention on Service:[x] (0.31 bits)",
        "  Wait_High on Service:cart: if seen, LockContention on Service:[x] (0.31 bits)",
    ]


def test_what_is_at_risk_is_told():
    risk = {"entity": "Service:web", "symptom": "RequestLatency_High", "probability": 0.49}
    assert lines(at_risk=[risk])[-2:] == ["At risk if left", "  Service:web: RequestLatency_High (49%)"]


@pytest.mark.parametrize("gap", [None, 0.0])
def test_a_proven_diagnosis_says_nothing_of_it(gap):
    assert lines(gap=gap) == lines()


def test_a_diagnosis_that_may_be_beaten_says_so():
    assert "  not proven best: another set of causes may be better by up to 0.25 nats" in lines(gap=0.25)
