"""The causes that could be right instead of a chosen one, and why each is less likely."""

from __future__ import annotations

from itertools import islice

import numpy as np
from attrs import field, frozen

from causely_core.causal.arrays import Flags, Places
from causely_core.causal.candidate import Candidate
from causely_core.causal.observed import Observed
from causely_core.causal.search import Search
from causely_core.model import Alternative, SymptomKey, entity_name

_RIVALS = 4
"""Told of each root cause."""

_SYMPTOMS = 20
"""Told of each rival, of those it leaves unexplained and of those it would show."""


@frozen(eq=False)
class Rivals:
    """Who competes with the best set of a search.

    Attributes:
        search: finished.
    """

    observed: Observed
    search: Search
    _order: Places = field(init=False)

    @_order.default
    def _rank(self) -> Places:
        """Most probable first; those the search never met by their score alone."""
        order = np.lexsort((-self.search.problem.alone, -self.search.posterior))
        chosen = np.zeros(len(order), dtype=np.bool_)
        chosen[list(self.search.best)] = True
        return order[~chosen[order]]

    def of(self, explained: Places) -> list[int]:
        """Places of the candidates outside the best set that lead to one of ``explained``, most probable first."""
        problem = self.search.problem
        shared = self._among(explained)[self.observed.number[problem.nodes]]
        leading = (place for place in map(int, self._order) if shared[problem.column[problem.links(place)]].any())
        return list(islice(leading, _RIVALS))

    def alternative(self, place: int, explained: Places, support: float) -> Alternative:
        """The rival at ``place`` for the root cause of ``explained``, in words; its posterior times ``support``."""
        rival = self.search.problem.candidates[place]
        absent = rival.missing
        unexplained = explained[~self._among(rival.explains)[self.observed.number[explained]]]
        return Alternative(
            rival.entity,
            rival.spec.name,
            min(float(self.search.posterior[place]), 1.0) * support,
            self._reason(rival, absent, unexplained),
            self._keys(unexplained),
            self._keys(absent),
        )

    def _among(self, nodes: Places) -> Flags:
        """For each active symptom, by its number from 1, whether it is one of ``nodes``."""
        flags = np.zeros(len(self.observed.nodes) + 1, dtype=np.bool_)
        flags[self.observed.number[nodes]] = True
        return flags

    def _keys(self, nodes: Places) -> tuple[SymptomKey, ...]:
        return tuple(self.observed.keys(nodes[:_SYMPTOMS]))

    def _reason(self, rival: Candidate, absent: Places, unexplained: Places) -> str:
        if len(absent):
            return f"it would show {self._some(absent)}, which {'is' if len(absent) == 1 else 'are'} not seen"
        if len(unexplained):
            return f"it does not explain {self._some(unexplained)}"
        if rival.lateness < 0:
            return "its own symptoms began after those it would have caused"
        return "it explains the same symptoms less well"

    def _some(self, nodes: Places) -> str:
        first, *more = map(self._said, nodes[:2].tolist())
        if len(nodes) <= 2:
            return " and ".join((first, *more))
        return f"{first} and {len(nodes) - 1} more"

    def _said(self, node: int) -> str:
        state = self.observed.graph.state(node)
        return f"{state.key.name} of {entity_name(state.key.entity, state.type)}"
