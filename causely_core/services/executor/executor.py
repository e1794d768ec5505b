"""Carrying actions out: planned, approved by somebody else, executed, verified, and rolled back if that fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from typing import TypeVar

from attrs import define, evolve, field, frozen

from causely_core.errors import CauselyError, UsageError
from causely_core.hookspecs import Remediator
from causely_core.isolation import Unit
from causely_core.model import ActionState, Clock, RemediationAction, RemediationPlan
from causely_core.plugins import PluginManager

T = TypeVar("T")


class StepError(CauselyError):
    """A remediator did not do a step: one line with the step and why."""


@frozen
class Step:
    """What became of an action, and when.

    Attributes:
        time: seconds since the epoch.
        reason: why, where that is not plain.
    """

    time: float
    state: ActionState
    reason: str = ""


@frozen
class Carried:
    """An action with all that became of it, in order."""

    action: RemediationAction
    steps: tuple[Step, ...] = ()

    def then(self, step: Step) -> Carried:
        """With one step more."""
        return Carried(evolve(self.action, state=step.state), (*self.steps, step))


@define(eq=False)
class Executor:
    """Carries out one action at a time, by the remediators of plugins, each isolated.

    Attributes:
        remediators: by the kind of action, each with what became of it.
        verify_within: seconds within which what was done must show.
        verify_every: seconds from one look to the next.
    """

    remediators: Mapping[str, tuple[Unit, Remediator]]
    clock: Clock
    verify_within: float = 60.0
    verify_every: float = 1.0
    _carried: dict[str, Carried] = field(factory=dict, init=False)
    _turn: asyncio.Lock = field(factory=asyncio.Lock, init=False)

    @classmethod
    async def of(cls, plugins: PluginManager, **settings: float) -> Executor:
        """With the remediators of all plugins; of two for one kind of action the first is taken."""
        found: dict[str, tuple[Unit, Remediator]] = {}
        for plugin, remediator in await plugins.call("causely_remediators"):
            found.setdefault(remediator.name, (plugins.unit(plugin, "remediator", remediator.name), remediator))
        return cls(found, plugins.clock, **settings)

    async def plan(self, action: RemediationAction) -> RemediationPlan:
        """What ``action`` would change; nothing changes.

        Raises:
            UsageError: nobody handles its kind.
            StepError: it cannot be planned.
        """
        unit, remediator = self._for(action)
        return await self._step(unit, "plan", remediator.plan(action))

    async def carry_out(self, action: RemediationAction) -> Carried:
        """Execute ``action`` and verify it; what was not verified in time is rolled back.

        One whose id was carried out already is not carried out again: it is told what became of it.

        Raises:
            UsageError: nobody handles its kind, or nobody has approved it.
        """
        unit, remediator = self._for(action)
        if action.state is not ActionState.APPROVED:
            raise UsageError(f"action {action.id}: expected an approved one, this is {action.state}")
        async with self._turn:
            known = self._carried.get(action.id)
            if known is None:
                known = self._carried[action.id] = await self._carry_out(unit, remediator, Carried(action))
            return known

    def _for(self, action: RemediationAction) -> tuple[Unit, Remediator]:
        if action.kind not in self.remediators:
            known = ", ".join(sorted(self.remediators)) or "none"
            raise UsageError(f"action {action.id}: nobody handles {action.kind!r}; known are {known}")
        return self.remediators[action.kind]

    async def _carry_out(self, unit: Unit, remediator: Remediator, carried: Carried) -> Carried:
        carried = carried.then(self._now(ActionState.EXECUTING))
        try:
            await self._step(unit, "execute", remediator.execute(carried.action))
            await self._verify(unit, remediator, carried.action)
        except StepError as problem:
            return await self._roll_back(unit, remediator, carried, str(problem))
        unit.succeeded()
        return carried.then(self._now(ActionState.VERIFIED))

    async def _verify(self, unit: Unit, remediator: Remediator, action: RemediationAction) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + self.verify_within
        while not await self._step(unit, "verify", remediator.verify(action)):
            if loop.time() >= until:
                raise StepError(f"verify: what was intended was not there after {self.verify_within:g} s")
            await asyncio.sleep(self.verify_every)

    async def _roll_back(self, unit: Unit, remediator: Remediator, carried: Carried, reason: str) -> Carried:
        try:
            await self._step(unit, "rollback", remediator.rollback(carried.action))
        except StepError as problem:
            return carried.then(self._now(ActionState.FAILED, f"{reason}; {problem}"))
        return carried.then(self._now(ActionState.ROLLED_BACK, reason))

    async def _step(self, unit: Unit, name: str, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(unit.policy.deadline):
                return await work
        except TimeoutError as problem:
            unit.failed(problem)
            raise StepError(f"{name}: took longer than {unit.policy.deadline:g} s") from problem
        except Exception as problem:
            unit.failed(problem)
            raise StepError(f"{name}: {unit.last_error}") from problem

    def _now(self, state: ActionState, reason: str = "") -> Step:
        return Step(self.clock.now(), state, reason)
