"""The causes that could be right instead of a chosen one, and why each is less likely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import field, frozen

from causely_core.causal.arrays import Floats
from causely_core.causal.candidate import Candidate
from causely_core.causal.observed import Observed
from causely_core.causal.search import Search
from causely_core.model import Alternative, SymptomKey, entity_name

MISSED = 0.5
"""Belief from which an absent symptom is worth telling: it would have shown more often than not."""

_RIVALS = 4
"""Told of each root cause."""

_SYMPTOMS = 20
"""Told of each rival, of those it leaves unexplained and of those it would show."""


@frozen(eq=False)
class Rivals:
    """Who competes with the best set of a search.

    Attributes:
        search: finished.
        posterior: of each candidate, 0..1.
    """

    observed: Observed
    search: Search
    posterior: Floats
    _order: Sequence[int] = field(init=False)

    @_order.default
    def _rank(self) -> list[int]:
        """Most probable first; those the search never met by their score alone."""
        alone = self.search.problem.gains(())
        order = np.lexsort((-alone, -self.posterior)).tolist()
        return [place for place in order if place not in self.search.best]

    def of(self, explained: Sequence[int]) -> list[int]:
        """Places of the candidates outside the best set that lead to one of ``explained``, most probable first."""
        found: list[int] = []
        for place in self._order:
            if len(found) < _RIVALS and not self.search.problem.candidates[place].active.keys().isdisjoint(explained):
                found.append(place)
        return found

    def alternative(self, place: int, explained: Sequence[int], support: float) -> Alternative:
        """The rival at ``place`` for the root cause of ``explained``, in words; its posterior times ``support``."""
        rival = self.search.problem.candidates[place]
        absent = missing(self.observed, rival)
        own = set(believed(self.observed, rival))
        unexplained = [node for node in explained if node not in own]
        return Alternative(
            rival.entity,
            rival.spec.name,
            min(float(self.posterior[place]), 1.0) * support,
            self._reason(rival, absent, unexplained),
            tuple(self._keys(unexplained)),
            tuple(self._keys(absent)),
        )

    def _keys(self, nodes: Sequence[int]) -> Iterator[SymptomKey]:
        return (self.observed.state(node).key for node in nodes[:_SYMPTOMS])

    def _reason(self, rival: Candidate, absent: Sequence[int], unexplained: Sequence[int]) -> str:
        if absent:
            return f"it would show {self._some(absent)}, which {'is' if len(absent) == 1 else 'are'} not seen"
        if unexplained:
            return f"it does not explain {self._some(unexplained)}"
        if rival.lateness < 0:
            return "its own symptoms began after those it would have caused"
        return "it explains the same symptoms less well"

    def _some(self, nodes: Sequence[int]) -> str:
        if len(nodes) <= 2:
            return " and ".join(map(self._said, nodes))
        return f"{self._said(nodes[0])} and {len(nodes) - 1} more"

    def _said(self, node: int) -> str:
        state = self.observed.state(node)
        return f"{state.key.name} of {entity_name(state.key.entity, state.type)}"


def believed(observed: Observed, candidate: Candidate) -> list[int]:
    """Active symptoms that the candidate explains better than noise does, nearest first; at least one."""
    found = [node for node, each in candidate.active.items() if each.belief > observed.leak(node)]
    return found or list(candidate.active)[:1]


def missing(observed: Observed, candidate: Candidate) -> list[int]:
    """Absent symptoms that the candidate would show more often than not, nearest first."""
    return [node for node, _ in candidate.missing(observed, MISSED)]
