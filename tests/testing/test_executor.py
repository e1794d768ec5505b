"""The executor in a test."""

import pytest
from attrs import define

from causely_core.hookspecs import hookimpl
from causely_core.model import ActionState, EntityId, RemediationAction, RemediationPlan


@define(eq=False)
class Pausing:
    """Pauses queues, by files in a folder."""

    folder: object
    name: str = "pause_queue"

    def _mark(self, action):
        return self.folder / action.entity.partition(":")[2]

    def declare(self):
        return {}

    async def plan(self, action):
        return RemediationPlan(f"pause {action.entity}")

    async def execute(self, action):
        self._mark(action).touch()

    async def verify(self, action):
        return self._mark(action).exists()

    async def rollback(self, action):
        self._mark(action).unlink(missing_ok=True)


class Queues:
    causely_api = 1

    @hookimpl
    def causely_remediators(self, context):
        return [Pausing(context.data_dir)]


@pytest.fixture
def plugin():
    return Queues


async def test_the_plugin_under_test_carries_actions_out(executor):
    action = RemediationAction("7", "pause_queue", EntityId("Queue:mail"), "Blocked", ActionState.APPROVED)
    carried = await executor.carry_out(action)
    assert [step.state for step in carried.steps] == [ActionState.EXECUTING, ActionState.VERIFIED]
