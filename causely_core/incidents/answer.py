"""The answer to a recorded incident."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from causely_core.detection.review import Attribution
from causely_core.incidents.ids import Ids
from causely_core.incidents.incident import Incident
from causely_core.model import Diagnosis, RootCause, Symptom, SymptomKey


@frozen(eq=False)
class Answer:
    """What was found, in inside ids.

    Attributes:
        incident: what was looked at.
        ids: how its entities are called inside.
        symptoms: that were seen in the window, by key.
        diagnosis: its root causes in the order in which they are told.
        attribution: parts of the reported loss, by entity; empty when nothing was reported.
    """

    incident: Incident
    ids: Ids
    symptoms: Mapping[SymptomKey, Symptom]
    diagnosis: Diagnosis
    attribution: Attribution

    def related(self, cause: RootCause) -> bool | None:
        """Whether ``cause`` explains what was reported; none when nothing was."""
        return None if self.incident.reported is None else self.incident.reported in cause.explains

    def share(self, cause: RootCause) -> float | None:
        """The part of the reported loss that comes from where ``cause`` is, 0..1; none when it is not known."""
        if not self.related(cause) or not self.attribution.total:
            return None
        if cause.entity in self.attribution.own:
            return self.attribution.own[cause.entity]
        through = (self.attribution.own.get(key.entity, 0.0) for key in cause.explains)
        return max(through, default=0.0)
