"""The executor: what was approved is done once, verified, and rolled back where it does not show."""

import asyncio

import pytest
import structlog
from attrs import define, evolve
from opentelemetry.metrics import NoOpMeter

from causely_core.errors import UsageError
from causely_core.hookspecs import hookimpl
from causely_core.isolation import IsolationPolicy
from causely_core.model import ActionState, EntityId, ManualClock, RemediationAction, RemediationPlan
from causely_core.plugins import PluginManager
from causely_core.services.executor.executor import Executor

SCALE = RemediationAction(
    "a1", "scale", EntityId("Workload:shop/Deployment/cart"), "Overload", ActionState.APPROVED, {"replicas": "3"}
)


@define(eq=False)
class Scaling:
    """A plugin that scales a workload which is a number."""

    causely_api = 1
    name = "scale"
    replicas: int = 2
    executed: int = 0
    works: bool = True
    problem: Exception | None = None
    stuck: bool = False
    hangs: bool = False

    @hookimpl
    def causely_remediators(self, context):
        return [self]

    def declare(self):
        return {"apps/deployments/scale": ["patch"]}

    async def plan(self, action):
        return RemediationPlan(f"2 to {action.parameters['replicas']} replicas")

    async def execute(self, action):
        self.executed += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.problem:
            raise self.problem
        self.replicas = int(action.parameters["replicas"])

    async def verify(self, action):
        return self.works and self.replicas == int(action.parameters["replicas"])

    async def rollback(self, action):
        if self.stuck:
            raise PermissionError("deployments.apps is forbidden")
        self.replicas = 2


@pytest.fixture
def scaling():
    return Scaling()


@pytest.fixture
async def executor(scaling, tmp_path):
    policy = IsolationPolicy(deadline=0.2)
    manager = PluginManager(
        "executor", ManualClock(100.0), structlog.get_logger(), NoOpMeter("test"), tmp_path, policy=policy
    )
    manager.register("scaling", scaling)
    return await Executor.of(manager, verify_within=0.1, verify_every=0.01)


def states(carried):
    return [step.state for step in carried.steps]


async def test_what_was_approved_is_executed_and_verified(executor, scaling):
    assert (await executor.plan(SCALE)).summary == "2 to 3 replicas"
    assert scaling.replicas == 2
    carried = await executor.carry_out(SCALE)
    assert states(carried) == [ActionState.EXECUTING, ActionState.VERIFIED]
    assert (carried.action.state, scaling.replicas) == (ActionState.VERIFIED, 3)


async def test_an_action_is_carried_out_once_however_often_it_is_sent(executor, scaling):
    first, second = await asyncio.gather(executor.carry_out(SCALE), executor.carry_out(SCALE))
    assert first == second
    assert scaling.executed == 1


@pytest.mark.parametrize("state", set(ActionState) - {ActionState.APPROVED})
async def test_what_nobody_approved_is_not_done(executor, scaling, state):
    with pytest.raises(UsageError, match=f"expected an approved one, this is {state}"):
        await executor.carry_out(evolve(SCALE, state=state))
    assert scaling.executed == 0


async def test_what_nobody_can_do_is_refused(executor):
    with pytest.raises(UsageError, match="nobody handles 'reboot'; known are scale"):
        await executor.plan(evolve(SCALE, kind="reboot"))


async def test_what_does_not_show_is_rolled_back(executor, scaling):
    scaling.works = False
    carried = await executor.carry_out(SCALE)
    assert states(carried) == [ActionState.EXECUTING, ActionState.ROLLED_BACK]
    assert carried.steps[-1].reason == "verify: what was intended was not there after 0.1 s"
    assert scaling.replicas == 2


async def test_what_fails_is_rolled_back_with_its_reason(executor, scaling):
    scaling.problem = ConnectionError("refused")
    carried = await executor.carry_out(SCALE)
    assert carried.action.state is ActionState.ROLLED_BACK
    assert carried.steps[-1].reason == "execute: ConnectionError: refused"


async def test_what_hangs_is_given_up(executor, scaling):
    scaling.hangs = True
    carried = await executor.carry_out(SCALE)
    assert carried.steps[-1].reason == "execute: took longer than 0.2 s"


async def test_what_cannot_be_rolled_back_has_failed_with_both_reasons(executor, scaling):
    scaling.problem, scaling.stuck = ConnectionError("refused"), True
    carried = await executor.carry_out(SCALE)
    assert carried.action.state is ActionState.FAILED
    assert carried.steps[-1].reason == (
        "execute: ConnectionError: refused; rollback: PermissionError: deployments.apps is forbidden"
    )
