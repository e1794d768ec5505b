"""One run of the demo: warm up, inject, wait for a diagnosis, remove, wait for the all-clear."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attrs import define, field

from causely_core.errors import UnavailableError
from causely_core.services.demo import shop, stack
from causely_core.services.demo.faults import NONE, Expected, expected

Tell = Callable[[str], None]


@define
class Pace:
    """How long each part of a run may take, in seconds.

    Attributes:
        warm_up: healthy traffic before the fault, from which baselines are learned.
        diagnosis: wait for a root cause this long.
        settle: after the first root cause, wait for the ranking to settle.
        clearing: after the fault is removed, wait this long for the all-clear.
        quiet: with no fault, watch this long.
    """

    warm_up: float = 32.0
    diagnosis: float = 60.0
    settle: float = 5.0
    clearing: float = 60.0
    quiet: float = 180.0


@define
class Outcome:
    """What a run showed. Times are seconds since the epoch, none when it did not happen."""

    fault: str
    expected: Expected | None
    injected_at: float | None = None
    diagnosed_at: float | None = None
    removed_at: float | None = None
    cleared_at: float | None = None
    root_causes: list[dict[str, Any]] = field(factory=list)
    symptoms: list[dict[str, Any]] = field(factory=list)
    users_before: dict[str, Any] = field(factory=dict)
    users_after: dict[str, Any] = field(factory=dict)

    @property
    def right(self) -> bool:
        """Whether the expected root cause is on top, or nothing is when nothing was injected."""
        if self.expected is None:
            return not self.root_causes
        return bool(self.root_causes) and self.expected.matches(self.root_causes[0])

    def as_json(self) -> dict[str, Any]:
        """The documented JSON answer of ``causely demo``."""
        return {
            "fault": self.fault,
            "right": self.right,
            "injected_at": self.injected_at,
            "diagnosed_at": self.diagnosed_at,
            "removed_at": self.removed_at,
            "cleared_at": self.cleared_at,
            "root_causes": self.root_causes,
            "symptoms": self.symptoms,
            "users": {"before": self.users_before, "after": self.users_after},
        }


def play(
    fault: str, data_dir: Path, pace: Pace, tell: Tell, hold: Callable[[stack.Stack], None], silent: bool = False
) -> Outcome:
    """Run the demo once.

    Args:
        fault: one of the shop's faults, or ``none``.
        data_dir: every file of the run is below it.
        pace: how long each part may take.
        tell: takes one line of progress at a time.
        hold: called with everything still running after the run.
        silent: whether the shop exports nothing, so that only the agent tells of it; this takes root.

    Raises:
        UnavailableError: causely or the shop did not start, or who runs this is not root where it has to be.
    """
    outcome = Outcome(fault, expected(fault))
    if silent and os.geteuid():
        raise UnavailableError("a shop that exports nothing is seen by the agent only, which has to run as root")
    tell("starting causely")
    with stack.running(data_dir, agent=silent) as causely:
        tell("starting the shop: its services, database, queue and users")
        with shop.running(data_dir / "shop", causely.otlp, silent) as app:
            tell(f"healthy traffic for {pace.warm_up:g} s ({len(app.services)} processes, {app.database})")
            time.sleep(pace.warm_up)
            outcome.users_before = app.users()
            if fault == NONE:
                _watch(outcome, causely, pace, tell)
            else:
                _inject(outcome, causely, app, pace, tell)
            hold(causely)
    return outcome


def _watch(outcome: Outcome, causely: stack.Stack, pace: Pace, tell: Tell) -> None:
    tell(f"no fault: watching for {pace.quiet:g} s")
    if _until(lambda: _root_causes(causely), pace.quiet):
        _record(outcome, causely)


def _inject(outcome: Outcome, causely: stack.Stack, app: shop.Shop, pace: Pace, tell: Tell) -> None:
    outcome.injected_at = app.inject(outcome.fault)
    tell(f"fault injected: {outcome.fault}")
    if _until(lambda: _root_causes(causely), pace.diagnosis):
        tell("a root cause is named; letting the ranking settle")
        time.sleep(pace.settle)
    _record(outcome, causely)
    outcome.users_after = app.users()
    app.remove(outcome.fault)
    outcome.removed_at = time.time()
    tell("fault removed; waiting for the all-clear")
    if _until(lambda: not _root_causes(causely), pace.clearing):
        outcome.cleared_at = time.time()


def _record(outcome: Outcome, causely: stack.Stack) -> None:
    outcome.root_causes = [causely.describe(found["id"]) for found in _root_causes(causely)]
    outcome.symptoms = causely.items("symptoms", active=True)
    if outcome.root_causes:
        outcome.diagnosed_at = outcome.root_causes[0]["diagnosed_at"]


def _root_causes(causely: stack.Stack) -> list[dict[str, Any]]:
    return causely.items("root-causes", active=True)


def _until(condition: Callable[[], Any], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.25)
    return False
