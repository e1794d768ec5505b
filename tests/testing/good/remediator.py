"""A remediator that keeps its contract."""

import pytest
from attrs import define, field

from causely_core.hookspecs import hookimpl
from causely_core.model import RemediationAction, RemediationPlan
from causely_core.testing import RemediatorContract

WORLD = {"replicas": 1}


@define
class AddReplica:
    context: object
    name: str = "add_replica"
    done: dict = field(factory=dict)

    def declare(self):
        return {"apps/deployments": ["get", "patch"]}

    async def plan(self, action):
        return RemediationPlan(f"{WORLD['replicas']} replicas become {WORLD['replicas'] + 1}")

    async def execute(self, action):
        if action.id not in self.done:
            self.done[action.id] = WORLD["replicas"]
            WORLD["replicas"] += 1

    async def verify(self, action):
        return action.id in self.done and WORLD["replicas"] > self.done[action.id]

    async def rollback(self, action):
        if action.id in self.done:
            WORLD["replicas"] = self.done.pop(action.id)


class Plugin:
    causely_api = 1

    @hookimpl
    def causely_remediators(self, context):
        return [AddReplica(context)]


class TestAddReplica(RemediatorContract):
    @pytest.fixture
    def plugin(self):
        WORLD["replicas"] = 1
        return Plugin

    @pytest.fixture
    def action(self):
        return RemediationAction("a1", "add_replica", "Workload:cart", "Overload")

    @pytest.fixture
    def state(self):
        return lambda: dict(WORLD)
