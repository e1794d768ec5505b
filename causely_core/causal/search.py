"""Searching the best set of causes: greedy with local search, then branch and bound around it.

The evidence part of the score is submodular (a concave function of what is covered), so the gain of a cause only
shrinks as a set grows. A cause that does not help a set helps none of its supersets; the sum of positive gains bounds
what any superset can reach (Nemhauser, Wolsey, Fisher 1978), and so does the problem's ceiling. Within its budget the
result is exact.
"""

from __future__ import annotations

import math

import numpy as np
from attrs import define, field

from causely_core.causal.problem import Floats, Places, Problem

_BUDGET = 20_000
"""Candidates that branch and bound may weigh, over all sets; beyond it the best found so far stands."""

_SLACK = 3.0
"""Nats below the best at which a set is still opened, so that near rivals count in the posterior."""

_NEGLIGIBLE = 14.0
"""Nats below the best at which a set no longer counts in the posterior: less than a millionth."""

_EPSILON = 1e-9
"""Scores closer than this are equal: sums in another order differ by so much."""

Members = tuple[int, ...]


@define
class Search:
    """The best set of a problem's candidates and the sets met on the way.

    Attributes:
        visited: sets that count in the posterior, with their score against the empty set.
        best: the best set, in ascending order.
        exact: whether branch and bound came to its end.
    """

    problem: Problem
    visited: dict[Members, float] = field(factory=dict, init=False)
    best: Members = field(default=(), init=False)
    exact: bool = field(default=True, init=False)
    _weighed: int = field(default=0, init=False)

    def run(self) -> Search:
        """Search; returns itself."""
        self._visit((), 0.0)
        while self._improve():
            pass
        self._branch((), 0.0, self.problem.undominated())
        return self

    def posterior(self) -> Floats:
        """Probability of each candidate (N), normalised over the sets visited."""
        top = max(self.visited.values())
        mass = {members: math.exp(score - top) for members, score in sorted(self.visited.items())}
        probability = np.zeros(len(self.problem.candidates))
        for members, weight in mass.items():
            probability[list(members)] += weight
        return np.asarray(probability / math.fsum(mass.values()))

    def _improve(self) -> bool:
        """Move to the best set that differs by one cause added, dropped or swapped, if it is better."""
        before = self.best
        self._look_around(before)
        for dropped in before:
            self._look_around(tuple(member for member in before if member != dropped))
        return self.best != before

    def _look_around(self, members: Members) -> None:
        score = self.problem.score(members)
        self._visit(members, score)
        self._visit_all(members, score, self.problem.gains(members))

    def _branch(self, members: Members, score: float, rest: Places) -> None:
        """Open ``members``; every superset with causes of ``rest`` is met or bounded away."""
        if self._weighed >= _BUDGET:
            self.exact = False
            return
        self._weighed += len(self.problem.candidates)
        gains = self.problem.gains(members)
        self._visit_all(members, score, gains)
        rest = rest[gains[rest] > 0.0]
        rest = rest[np.argsort(-gains[rest], kind="stable")]
        bounds = np.minimum(score + np.cumsum(gains[rest][::-1])[::-1], self.problem.ceilings(members, rest.tolist()))
        for place, candidate in enumerate(rest.tolist()):
            if bounds[place] >= self.visited[self.best] - _SLACK:
                extended = tuple(sorted((*members, candidate)))
                self._branch(extended, score + float(gains[candidate]), rest[place + 1 :])

    def _visit_all(self, members: Members, score: float, gains: Floats) -> None:
        floor = self.visited[self.best] - _NEGLIGIBLE - score
        for candidate in np.flatnonzero(gains > floor).tolist():
            if candidate not in members:
                self._visit(tuple(sorted((*members, candidate))), score + float(gains[candidate]))

    def _visit(self, members: Members, score: float) -> None:
        self.visited.setdefault(members, score)
        best = self.visited[self.best]
        fewer_or_first = (len(members), members) < (len(self.best), self.best)
        if score > best + _EPSILON or (score > best - _EPSILON and fewer_or_first):
            self.best = members
