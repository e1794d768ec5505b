"""Remediation actions: proposed, approved, executing, then verified, rolled back or failed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from attrs import field, frozen

from causely_core.model.entity import EntityId


class ActionState(StrEnum):
    """The life cycle of an action."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    EXECUTING = "executing"
    VERIFIED = "verified"
    ROLLED_BACK = "rolled_back"
    FAILED = "failed"


@frozen
class RemediationPlan:
    """What an action would change, as a remediator's dry run tells.

    Attributes:
        summary: one line for the person who approves.
        diff: unified diff of the objects it would change.
    """

    summary: str
    diff: str = ""


@frozen
class RemediationAction:
    """One action on one entity for one root cause.

    Attributes:
        id: idempotency key; a repeated action with the same id is executed once.
        kind: the remediator's name for it (``restart_workload``).
        parameters: remediator-specific strings.
    """

    id: str
    kind: str
    entity: EntityId
    root_cause: str
    state: ActionState = ActionState.PROPOSED
    parameters: Mapping[str, str] = field(factory=dict, hash=False)
