"""What a run of the demo counts as; tests/e2e plays whole runs."""

import json

import pytest

from causely_core.services.demo.faults import expected
from causely_core.services.demo.scenario import Outcome

RIGHT = {"type": "Service", "name": "cart", "cause": "CPUCongested"}
WRONG = {"type": "Service", "name": "web", "cause": "Malfunction"}


@pytest.mark.parametrize(
    ("fault", "root_causes", "right"),
    [
        ("cpu-burn", [RIGHT], True),
        ("cpu-burn", [RIGHT, WRONG], True),
        ("cpu-burn", [WRONG, RIGHT], False),
        ("cpu-burn", [], False),
        ("none", [], True),
        ("none", [WRONG], False),
    ],
)
def test_the_cause_on_top_decides(fault, root_causes, right):
    assert Outcome(fault, expected(fault), root_causes=root_causes).right is right


def test_the_answer_for_programs_has_every_time_and_what_users_saw():
    outcome = Outcome("cpu-burn", expected("cpu-burn"), 1.0, 2.0, 3.0, None, [RIGHT], users_before={"count": 1})
    told = json.loads(json.dumps(outcome.as_json()))
    assert told == {
        "fault": "cpu-burn",
        "right": True,
        "injected_at": 1.0,
        "diagnosed_at": 2.0,
        "removed_at": 3.0,
        "cleared_at": None,
        "root_causes": [RIGHT],
        "symptoms": [],
        "users": {"before": {"count": 1}, "after": {}},
    }
