"""Remediation actions."""

from __future__ import annotations

from causely_core.model import ActionState, RemediationAction
from causely_core.wire.convert import check
from causely_core.wire.errors import WireError
from causely_core.wire.pb import executor_service_pb2 as pb

_TO_PB = {
    ActionState.PROPOSED: pb.ACTION_STATE_PROPOSED,
    ActionState.APPROVED: pb.ACTION_STATE_APPROVED,
    ActionState.EXECUTING: pb.ACTION_STATE_EXECUTING,
    ActionState.VERIFIED: pb.ACTION_STATE_VERIFIED,
    ActionState.ROLLED_BACK: pb.ACTION_STATE_ROLLED_BACK,
    ActionState.FAILED: pb.ACTION_STATE_FAILED,
}
_FROM_PB = {number: state for state, number in _TO_PB.items()}


def state_to_pb(state: ActionState) -> pb.ActionState.ValueType:
    """Encode an action's state."""
    return _TO_PB[ActionState(state)]


def state_from_pb(number: pb.ActionState.ValueType) -> ActionState:
    """Decode an action's state."""
    state = _FROM_PB.get(number)
    if state is None:
        raise WireError(f"action.state: {number} is unknown, expected one of {sorted(_FROM_PB)}")
    return state


def action_to_pb(action: RemediationAction) -> pb.RemediationAction:
    """Encode an action."""
    _check_action(action)
    return pb.RemediationAction(
        id=action.id,
        kind=action.kind,
        entity=action.entity,
        root_cause=action.root_cause,
        state=state_to_pb(action.state),
        parameters=action.parameters,
    )


def action_from_pb(message: pb.RemediationAction) -> RemediationAction:
    """Decode an action."""
    entity = check.entity_id("action.entity", message.entity)
    state = state_from_pb(message.state)
    parameters = dict(message.parameters)
    return _check_action(RemediationAction(message.id, message.kind, entity, message.root_cause, state, parameters))


def _check_action(action: RemediationAction) -> RemediationAction:
    check.text("action.id", action.id, required=True)
    check.text("action.kind", action.kind, required=True)
    check.entity_id("action.entity", action.entity)
    check.text("action.root_cause", action.root_cause, required=True)
    check.texts("action.parameters", action.parameters)
    return action
