"""Asking for evidence: which series, which time, of whom; once for each root cause."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping

from attrs import define, field

from causely_core.model import EntityId, EvidenceRequest
from causely_core.storage import RootCauseRecord, State

MAX_ENTITIES = 20
"""The root cause's own entity and those nearest to it on the path come first."""
MAX_BYTES = 65_536
BEFORE = 300.0
"""Seconds before the onset: enough of what was normal to see the break."""
MAX_AFTER = 900.0
"""Seconds after the onset at most."""

Send = Callable[[str, EvidenceRequest], Awaitable[bool]]
"""Sends a request to the sender of this name; false when it is not connected."""


def requests(record: RootCauseRecord, state: State) -> dict[str, EvidenceRequest]:
    """What to ask of each sender that knows entities on the causal path: what shows the explained symptoms."""
    active = state.active
    shown = (active[key].attribute for key in record.root_cause.explains if key in active)
    attributes = tuple(dict.fromkeys(shown))
    path = _entities(record)
    known = {name: [id for id in path if said.topology.entity(id)] for name, said in state.senders.items()}
    return {name: _request(record, name, ids[:MAX_ENTITIES], attributes) for name, ids in sorted(known.items()) if ids}


@define
class EvidenceDesk:
    """Holds requests until they are sent; a request of a root cause that has ended is dropped."""

    _pending: dict[tuple[str, str], EvidenceRequest] = field(factory=dict, init=False)

    def add(self, wanted: Mapping[str, EvidenceRequest]) -> None:
        """Take requests by the sender they are for."""
        self._pending.update(((sender, request.id), request) for sender, request in wanted.items())

    def drop(self, root_causes: Iterable[str]) -> None:
        """Forget what was not sent for these."""
        ended = set(root_causes)
        self._pending = {key: ask for key, ask in self._pending.items() if ask.root_cause not in ended}

    async def send(self, send: Send) -> None:
        """Send what can be sent now."""
        for key, request in list(self._pending.items()):
            if await send(key[0], request):
                self._pending.pop(key, None)


def _entities(record: RootCauseRecord) -> list[EntityId]:
    cause = record.root_cause
    ends = (key.entity for step in cause.path for key in (step.source, step.target))
    return list(dict.fromkeys((cause.entity, *ends)))


def _request(
    record: RootCauseRecord, sender: str, entities: list[EntityId], attributes: tuple[str, ...]
) -> EvidenceRequest:
    onset = record.root_cause.onset
    end = min(max(record.diagnosed_at, onset), onset + MAX_AFTER)
    id, start = f"{record.id}/{sender}", onset - BEFORE
    return EvidenceRequest(id, record.id, tuple(entities), start, end, MAX_BYTES, attributes)
