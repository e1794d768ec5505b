"""Evidence: the bounded slice of telemetry that an analyzer may ask for after a diagnosis."""

from __future__ import annotations

from attrs import frozen

from causely_core.model.entity import EntityId


@frozen
class EvidenceRequest:
    """What the analyzer asks a mediator for.

    Attributes:
        id: echoed in the answer.
        root_cause: the diagnosed root cause it is for; without one there is no request.
        entities: whose series are wanted, the most telling first.
        start: seconds since the epoch.
        end: seconds since the epoch.
        max_bytes: the answer is cut to this many bytes.
        attributes: which series of theirs; empty for all.
    """

    id: str
    root_cause: str
    entities: tuple[EntityId, ...]
    start: float
    end: float
    max_bytes: int = 65_536
    attributes: tuple[str, ...] = ()


@frozen
class EvidenceItem:
    """One piece: a few points of a series, or a log template with its count.

    Attributes:
        kind: ``series`` or ``log_template``.
        entity: whom it is about.
        title: the attribute, or the template's text with its variables masked.
        times: seconds since the epoch.
        values: in the attribute's unit; for templates the counts.
    """

    kind: str
    entity: EntityId
    title: str
    times: tuple[float, ...] = ()
    values: tuple[float, ...] = ()


@frozen
class Evidence:
    """The answer to one :class:`EvidenceRequest`, redacted; ``refused`` says why when there is none."""

    request_id: str
    root_cause: str
    items: tuple[EvidenceItem, ...] = ()
    truncated: bool = False
    refused: str = ""
