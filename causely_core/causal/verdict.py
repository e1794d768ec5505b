"""From a finished search to root causes that can be read: what each explains, how, and why not another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from attrs import field, frozen

from causely_core.causal.arrays import Places
from causely_core.causal.calibration import Calibration
from causely_core.causal.candidate import Candidate
from causely_core.causal.explanation import path
from causely_core.causal.impact import at_risk, impacted
from causely_core.causal.observed import Observed
from causely_core.causal.rivals import Rivals
from causely_core.causal.search import Search
from causely_core.causal.telling import telling
from causely_core.model import EntityId, RootCause, SymptomKey, TellingSymptom


@frozen(eq=False)
class Verdict:
    """What a search has found, in words.

    Attributes:
        observed: what was seen.
        search: finished.
        calibration: makes probabilities of the posterior; without it they are the posterior.
    """

    observed: Observed
    search: Search
    calibration: Calibration | None
    _rivals: Rivals = field(init=False)
    _against: dict[int, list[int]] = field(factory=dict, init=False)

    @_rivals.default
    def _compete(self) -> Rivals:
        return Rivals(self.observed, self.search)

    def named(self) -> Iterator[Candidate]:
        """The best set."""
        return (self.search.problem.candidates[member] for member in self.search.best)

    def rivals(self) -> Iterator[Candidate]:
        """The candidates that will be told of as rivals of the best set's."""
        return (self.search.problem.candidates[each] for member in self.search.best for each in self._rivals_of(member))

    def root_cause(self, member: int, worth: float) -> RootCause:
        """The root cause that the candidate ``member`` of the best set stands for.

        Args:
            member: one of the best set.
            worth: of it, in nats; see :meth:`Search.worth`.
        """
        candidate = self.search.problem.candidates[member]
        nodes = candidate.explains
        explains, missing = self._keys(nodes), self._keys(candidate.missing)
        onset = float(self.observed.onsets[self.observed.number[nodes] - 1].min())
        own, rivals = candidate.entity, self._rivals_of(member)
        support = self.calibration.support(worth) if self.calibration else 1.0
        return RootCause(
            _id(own, candidate.spec.name, onset),
            own,
            candidate.spec.name,
            min(float(self.search.posterior[member]), 1.0) * support,
            onset,
            explains,
            path(self.observed, candidate),
            missing,
            impacted(explains, own),
            tuple(self._rivals.alternative(place, nodes, support) for place in rivals),
            candidate.spec.description,
            candidate.spec.remediation,
            self._telling([member, *rivals]),
            at_risk(self.observed, candidate),
        )

    def _rivals_of(self, member: int) -> list[int]:
        """Places of the rivals of ``member``."""
        if member not in self._against:
            self._against[member] = self._rivals.of(self.search.problem.candidates[member].explains)
        return self._against[member]

    def _keys(self, nodes: Places) -> tuple[SymptomKey, ...]:
        return tuple(self.observed.keys(nodes))

    def _telling(self, places: Sequence[int]) -> tuple[TellingSymptom, ...]:
        rivals = [self.search.problem.candidates[place] for place in places]
        return telling(self.observed, rivals, self.search.posterior[list(places)])


def _id(entity: EntityId, cause: str, onset: float) -> str:
    return hashlib.blake2b(f"{entity}\n{cause}\n{onset:.3f}".encode(), digest_size=8).hexdigest()
