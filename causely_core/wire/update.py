"""Updates: the idempotent, numbered steps that a link carries."""

from __future__ import annotations

from typing import TypeAlias

from attrs import frozen

from causely_core.model import Evidence, SymptomDelta, TopologyDelta


@frozen
class Snapshot:
    """Everything a sender knows; replaces all it said before, whatever the sequence numbers.

    Attributes:
        topology: one or more deltas a source, applied in order; the first of a source is a snapshot.
        symptoms: one or more deltas a source, applied in order; the last snapshot of a source, with what follows it,
            holds all its active symptoms. What stands before is what the receiver may have missed.
    """

    topology: tuple[TopologyDelta, ...] = ()
    symptoms: tuple[SymptomDelta, ...] = ()


Payload: TypeAlias = TopologyDelta | SymptomDelta | Evidence | Snapshot


@frozen
class Update:
    """One step of a link.

    Attributes:
        sequence: grows by one within an epoch, from 1; 0 before the spool has numbered it.
        time: when the sender made it, seconds since the epoch.
        payload: what it says.
    """

    sequence: int
    time: float
    payload: Payload
