"""The contract of remediators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from causely_core.hookspecs import Remediator
from causely_core.model import RemediationAction, RemediationPlan
from causely_core.testing.contracts.plugin import PluginContract
from causely_core.testing.fix import fix, require

ONCE = "remember what was done under action.id, or state the wanted end and not the step"


class RemediatorContract(PluginContract):
    """Inherit it in a test class, and give it the fixtures ``plugin``, ``action`` and ``state``.

    Where the plugin brings several remediators, give a fixture ``remediator`` too, made with ``context``.
    """

    hook: ClassVar[str] = "causely_remediators"
    thing: ClassVar[str] = "remediator"

    @pytest.fixture
    def component(self) -> str:
        """Remediators are the executor's."""
        return "executor"

    @pytest.fixture
    def remediator(self, one: Any) -> Remediator:
        """The remediator that is tested."""
        remediator: Remediator = one
        return remediator

    @pytest.fixture
    def action(self) -> RemediationAction:
        """An action that the remediator can carry out."""
        fix(
            "there is no action to test with",
            "give your test class a fixture `action` that returns a RemediationAction",
        )

    @pytest.fixture
    def state(self) -> Callable[[], Any]:
        """Tells what the action changes, as a value that can be compared."""
        fix(
            "nothing shows what an action changes",
            "give your test class a fixture `state` that returns a function which reads it",
        )

    def test_it_declares_its_permissions(self, remediator: Remediator) -> None:
        """Resource to verbs, which become the executor's role."""
        for resource, verbs in remediator.declare().items():
            right = isinstance(verbs, list | tuple) and all(isinstance(verb, str) for verb in verbs)
            require(
                verbs and right, f"{resource} has the verbs {verbs!r}", 'declare {"apps/deployments": ["get", "patch"]}'
            )
            require("*" not in verbs, f"{resource} asks for all verbs", "name those that are needed")

    def test_its_name_is_the_kind_of_its_actions(self, remediator: Remediator, action: RemediationAction) -> None:
        """Actions find their remediator by it."""
        told = f"the remediator {remediator.name!r} is tested with an action of the kind {action.kind!r}"
        require(remediator.name == action.kind, told, "make them the same")

    @pytest.mark.asyncio
    async def test_a_plan_changes_nothing(
        self, remediator: Remediator, action: RemediationAction, state: Callable[[], Any]
    ) -> None:
        """It tells what would change, for whoever approves."""
        before = state()
        plan = await remediator.plan(action)
        require(state() == before, "plan changes something", "use a server-side dry run, or only read")
        told = isinstance(plan, RemediationPlan) and plan.summary.strip() and "\n" not in plan.summary
        require(told, "the plan has no summary of one line", "return RemediationPlan(summary=...)")

    @pytest.mark.asyncio
    async def test_an_action_is_executed_once(
        self, remediator: Remediator, action: RemediationAction, state: Callable[[], Any]
    ) -> None:
        """However often it is sent under the same id; it is verified then."""
        await remediator.execute(action)
        after = state()
        require(await remediator.verify(action), "verify is false after execute", "compare with what execute does")
        require(state() == after, "verify changes something", "only read in verify")
        await remediator.execute(action)
        require(state() == after, "execute does more when the same action comes again", ONCE)

    @pytest.mark.asyncio
    async def test_it_is_not_verified_before(self, remediator: Remediator, action: RemediationAction) -> None:
        """Whoever verifies everything verifies nothing."""
        require(not await remediator.verify(action), "verify is true before execute", "compare with what execute does")

    @pytest.mark.asyncio
    async def test_rolling_back_restores(
        self, remediator: Remediator, action: RemediationAction, state: Callable[[], Any]
    ) -> None:
        """What was before, also when it is asked for twice."""
        before = state()
        await remediator.execute(action)
        await remediator.rollback(action)
        require(
            state() == before, "rollback does not restore what was before", "keep what execute replaces, by action.id"
        )
        await remediator.rollback(action)
        require(state() == before, "rollback does more when it comes again", ONCE)
