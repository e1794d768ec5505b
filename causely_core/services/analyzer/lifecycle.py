"""From diagnoses, which come and go, to root causes to rely on: confirmed, superseded, cleared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import define, field, frozen

from causely_core.model import Diagnosis, Entity, EntityId, RootCause
from causely_core.services.analyzer.candidates import Candidates, CauseKey
from causely_core.services.analyzer.episode import Active, Episode
from causely_core.storage import RootCauseRecord

_ENOUGH = 0.5  # of the probability that it takes to be shown, to stay shown: against flapping


@frozen
class Changes:
    """What one diagnosis changed.

    Attributes:
        confirmed: shown from now on.
        updated: shown before and different now.
        cleared: not shown as active any more.
    """

    confirmed: tuple[RootCauseRecord, ...] = ()
    updated: tuple[RootCauseRecord, ...] = ()
    cleared: tuple[RootCauseRecord, ...] = ()

    @property
    def records(self) -> tuple[RootCauseRecord, ...]:
        """All that is to be stored."""
        return self.confirmed + self.updated + self.cleared


@define
class Lifecycle:
    """Decides which root causes are shown.

    A root cause is *confirmed* once it was inferred for ``confirm_after`` seconds without a break, each
    time with at least ``min_probability`` that it or another cause of the same entity is true: where little is
    measured several may be as likely, and there is where to look. It keeps its id and the time of its diagnosis
    while it is active, for which half of that is enough. Once it is not inferred any more it is *cleared* after
    ``hold`` seconds, as of when it was gone; or at once, when a confirmed one explains a symptom of its
    that is still active: then it is *superseded*.

    Attributes:
        hold: seconds.
        min_probability: 0..1.
    """

    candidates: Candidates
    hold: float
    min_probability: float
    _episodes: dict[CauseKey, Episode] = field(factory=dict, init=False)

    @classmethod
    def of(cls, confirm_after: float, hold: float, min_probability: float) -> Lifecycle:
        """A lifecycle with nothing shown yet."""
        return cls(Candidates(confirm_after), hold, min_probability)

    def resume(self, records: Iterable[RootCauseRecord]) -> None:
        """Go on with the root causes that were active when the process ended."""
        for record in records:
            self._episodes[CauseKey.of(record.root_cause)] = Episode(record)

    def step(self, diagnosis: Diagnosis, entities: Mapping[EntityId, Entity], active: Active) -> Changes:
        """Take in a diagnosis of the ``active`` symptoms; its time must not be before the one before it."""
        likely = (cause for cause in diagnosis.root_causes if _likelihood(cause) >= self.min_probability * _ENOUGH)
        causes = {CauseKey.of(cause): cause for cause in likely}
        ranks = {key: rank for rank, key in enumerate(causes)}
        confirmed = self._confirm(causes, diagnosis.time)
        before = {key: episode.record for key, episode in self._episodes.items()}
        for key in before.keys() & causes.keys():
            self._episodes[key].go_on(causes[key], ranks[key], active, diagnosis)
        for key in confirmed:
            self._episodes[key] = Episode.begin(causes[key], ranks[key], entities, active, diagnosis)
        cleared = tuple(self._end(causes.keys(), active, diagnosis.time))
        return Changes(
            tuple(self._episodes[key].record for key in confirmed),
            tuple(e.record for key, e in self._episodes.items() if before.get(key, e.record) != e.record),
            cleared,
        )

    @property
    def active(self) -> tuple[RootCauseRecord, ...]:
        """Root causes that are shown, best first."""
        # One step that no other thread can come between: metrics are read whenever they are scraped.
        episodes = list(self._episodes.values())
        return tuple(sorted((e.record for e in episodes), key=lambda record: record.rank))

    @property
    def due(self) -> float | None:
        """When something changes even if no symptom does, seconds since the epoch; none for never."""
        ends = [e.gone_since + self.hold for e in self._episodes.values() if e.gone_since is not None]
        confirmation = self.candidates.due
        return min(ends if confirmation is None else [*ends, confirmation], default=None)

    def _confirm(self, causes: Mapping[CauseKey, RootCause], now: float) -> tuple[CauseKey, ...]:
        new = (key for key in causes if key not in self._episodes)
        return self.candidates.stable([k for k in new if _likelihood(causes[k]) >= self.min_probability], now)

    def _end(self, inferred: Iterable[CauseKey], active: Active, now: float) -> Iterable[RootCauseRecord]:
        present = {key: self._episodes[key] for key in inferred if key in self._episodes}
        for key, episode in list(self._episodes.items()):
            if key in present:
                continue
            gone_since = episode.miss(now)
            successor = _successor(episode, present.values(), active)
            if successor or now >= gone_since + self.hold:
                del self._episodes[key]
                yield episode.end(gone_since, successor)


def _likelihood(cause: RootCause) -> float:
    """That the cause or an alternative on its entity is true; of those that exclude each other it is the sum."""
    beside = (each.probability for each in cause.alternatives if each.entity == cause.entity)
    return min(1.0, cause.probability + sum(beside))


def _successor(episode: Episode, others: Iterable[Episode], active: Active) -> str:
    """Id of the one that explains most of the episode's symptoms that are still active; empty for none."""
    open_symptoms = {key for key in episode.record.root_cause.explains if key in active}
    shared = [(len(open_symptoms & set(o.record.root_cause.explains)), o.record.id) for o in others]
    most = max(shared, key=lambda pair: pair[0], default=(0, ""))
    return most[1] if most[0] else ""
