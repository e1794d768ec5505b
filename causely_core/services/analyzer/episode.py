"""One shown root cause as it goes on, and the rules by which it changes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from attrs import define, evolve

from causely_core.causal.impact import impacted
from causely_core.model import Diagnosis, Entity, EntityId, PathStep, RootCause, Symptom, SymptomKey, entity_name
from causely_core.storage import RootCauseRecord

Active = Mapping[SymptomKey, Symptom]


@define
class Episode:
    """A root cause that is shown.

    Attributes:
        record: as it is to be stored.
        gone_since: when it was first missing from the diagnosis without a break; none while it is inferred.
    """

    record: RootCauseRecord
    gone_since: float | None = None

    @classmethod
    def begin(
        cls, root_cause: RootCause, rank: int, entities: Mapping[EntityId, Entity], active: Active, within: Diagnosis
    ) -> Episode:
        """Confirm ``root_cause`` of the diagnosis ``within``."""
        entity = entities.get(root_cause.entity)
        name = entity.name if entity else entity_name(root_cause.entity)
        named = evolve(root_cause, id=_episode_id(root_cause))
        severity = _severity(root_cause, active, 0.0)
        return cls(RootCauseRecord(named, name, severity, rank, within.time, gap=within.gap))

    def go_on(self, root_cause: RootCause, rank: int, active: Active, within: Diagnosis) -> None:
        """It was inferred again, in the diagnosis ``within``: take over what is new, keep its id and onset."""
        before = self.record
        kept = evolve(
            with_cleared(root_cause, before.root_cause, active),
            id=before.id,
            onset=min(before.root_cause.onset, root_cause.onset),
        )
        severity = _severity(root_cause, active, before.severity)
        self.record = evolve(before, root_cause=kept, severity=severity, rank=rank, gap=within.gap)
        self.gone_since = None

    def miss(self, now: float) -> float:
        """It was not inferred at ``now``; returns since when."""
        if self.gone_since is None:
            self.gone_since = now
        return self.gone_since

    def end(self, cleared_at: float, superseded_by: str = "") -> RootCauseRecord:
        """The record of the whole episode."""
        return evolve(self.record, cleared_at=cleared_at, superseded_by=superseded_by)


def with_cleared(new: RootCause, old: RootCause, active: Active) -> RootCause:
    """``new``, still telling of the symptoms that ``old`` explained and that have cleared since.

    While an incident fades, the last symptom alone would not tell what the root cause had done. A symptom
    that is active and that ``new`` does not explain is left to whatever explains it now. Steps to faded symptoms
    keep what was seen last; what has suffered already is told as impacted, not as at risk.
    """
    faded = [key for key in old.explains if key not in active and key not in new.explains]
    if not faded:
        return new
    known = {step.arrow for step in new.path}
    path = (*new.path, *(step for step in _leading_to(old.path, set(faded)) if step.arrow not in known))
    suffered = dict.fromkeys((*new.impacted, *impacted(faded, new.entity)))
    at_risk = tuple(each for each in new.at_risk if each.entity not in suffered)
    return evolve(new, explains=(*new.explains, *faded), path=path, impacted=tuple(suffered), at_risk=at_risk)


def _leading_to(path: tuple[PathStep, ...], wanted: set[SymptomKey]) -> list[PathStep]:
    """The steps, in order, that lie on the way to ``wanted``."""
    kept: list[PathStep] = []
    for step in reversed(path):
        if step.target in wanted:
            wanted = wanted | {step.source}
            kept.append(step)
    return kept[::-1]


def _severity(root_cause: RootCause, active: Active, otherwise: float) -> float:
    return max((active[key].severity for key in root_cause.explains if key in active), default=otherwise)


def _episode_id(root_cause: RootCause) -> str:
    """Same cause and onset, same id: after a restart or a short doubt it is the same episode that goes on."""
    text = f"{root_cause.entity}\n{root_cause.cause}\n{root_cause.onset:.3f}"
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
