"""The story of a demo run, as a person reads it."""

import io

import pytest
from rich.console import Console

from causely_core.cli.story import tell_story
from causely_core.services.demo.faults import expected
from causely_core.services.demo.scenario import Outcome

CAUSE = {
    "id": "rc1",
    "type": "Service",
    "name": "cart",
    "entity": "Service:cart",
    "cause": "CPUCongested",
    "probability": 0.87,
    "description": "It is short of processor.",
    "onset": 100.0,
    "diagnosed_at": 112.5,
    "explains": [{"symptom": "RequestLatency_High", "entity": "Operation:cart/GET /items/[id]"}],
    "path": [],
    "missing": [],
    "impacted": ["Service:web"],
    "alternatives": [],
    "evidence": [
        {
            "entity": "Service:cart",
            "title": "cpu_utilization",
            "times": [90.0, 95.0, 101.0],
            "values": [0.1, 0.2, 0.98765],
        }
    ],
    "remediation": ["Add a replica."],
}
SYMPTOMS = [{"entity": "Service:cart"}, {"entity": "Service:cart"}, {"entity": "Service:web"}]


@pytest.fixture
def story():
    def story(outcome):
        out = Console(file=io.StringIO(), width=120, highlight=False)
        tell_story(outcome, out)
        return out.file.getvalue().splitlines()

    return story


def test_a_right_diagnosis(story):
    seen = {"count": 120, "errors": 3, "p95_ms": 812.4}
    times = {"injected_at": 102.5, "diagnosed_at": 112.5, "removed_at": 150.0, "cleared_at": 171.0}
    lines = story(
        Outcome("cpu-burn", expected("cpu-burn"), **times, root_causes=[CAUSE], symptoms=SYMPTOMS, users_after=seen)
    )
    assert "what happened: cpu-burn" in lines[0]
    assert lines[1] == "Users during the fault, over ten seconds: 120 requests, 3 failed, p95 812 ms"
    assert lines[2] == "Symptoms: 3 on 2 entities."
    assert "CPUCongested on Service:cart (87%)" in lines
    assert "  RequestLatency_High on Operation:cart/GET /items/[id]" in lines
    assert "  Service:cart cpu_utilization: 0.15 before, 0.988 since" in lines
    assert lines[-3:] == [
        "Named 10.0 s after the fault began.",
        "Cleared 21.0 s after the fault was removed.",
        "The diagnosis is right.",
    ]


def test_nothing_was_broken_and_nothing_was_named(story):
    lines = story(Outcome("none", None, users_before={"count": 9, "errors": 0, "p95_ms": 40.0}))
    assert lines[1:] == [
        "Users before, over ten seconds: 9 requests, 0 failed, p95 40 ms",
        "Symptoms: 0 on 0 entities.",
        "No root cause was named.",
        "The diagnosis is right.",
    ]


def test_a_wrong_diagnosis(story):
    lines = story(Outcome("error-leaf", expected("error-leaf"), root_causes=[CAUSE]))
    assert lines[-1] == "The diagnosis is wrong."
