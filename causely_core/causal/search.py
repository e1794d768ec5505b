"""Searching the best set of causes: greedy with local search, then branch and bound around it, best bound first.

The evidence part of the score is submodular (a concave function of what is covered), so the gain of a cause only
shrinks as a set grows. A cause that does not help a set helps none of its supersets; the sum of positive gains bounds
what any superset can reach (Nemhauser, Wolsey, Fisher 1978). So does any coverage that is given for nothing: what each
cause of a set adds to that alone is no less than what it adds to the set (their proposition 2.1). The set with the
highest bound is opened first, so that what is left unopened when the budget ends bounds how much was missed.

The probability of a candidate is its share in all sets that were opened and those larger by one cause.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

from causely_core.causal.arrays import Floats
from causely_core.causal.problem import Problem

_BUDGET = 50_000
"""Links from candidates to symptoms that branch and bound may weigh, over all sets."""

_SLACK = 3.0
"""Nats below the best at which a set is still opened, so that near rivals count in the posterior."""

_EPSILON = 1e-9
"""Scores closer than this are equal: sums in another order differ by so much."""

_NEGLIGIBLE = 14.0
"""Nats below the best at which a set no longer counts in the posterior: less than a millionth."""

_GIVEN = np.array([1.0, 0.5, 0.25])
"""Parts of what the best set covers that are taken as given: all of it bounds large sets well, less of it pairs."""

_FAR = 0.2
"""Weight of what a cause explains elsewhere when root causes are put in order."""


@frozen(eq=False)
class Search:
    """The best set of a problem's candidates.

    Attributes:
        best: in ascending order.
        score: of it, against the empty set, nats; 0 or more.
        gap: nats by which a set that was not met may be better; 0 when none can be.
        posterior: of each candidate (N), normalised over the sets met.
    """

    problem: Problem
    best: tuple[int, ...]
    score: float
    gap: float
    posterior: Floats

    @classmethod
    def of(cls, problem: Problem, budget: int = _BUDGET) -> Search:
        """Search within ``budget``, the links from candidates to symptoms that branch and bound may weigh."""
        nats = {"slack": _SLACK, "epsilon": _EPSILON, "negligible": _NEGLIGIBLE}
        return cls(problem, *problem.part.search(budget, _GIVEN, **nats))

    def worth(self, member: int) -> float:
        """Nats by which ``member`` makes the best set better, most of it by what it shows itself.

        What a cause shows on its own entity tells more of it than what is far away and may come from elsewhere. Of
        several causes on one entity the first is worth what all of them add: they share the evidence that something
        is wrong there, which would otherwise count for none of them.
        """
        place = self.problem.place
        there = {each for each in self.best if place[each] == place[member]}
        if len(there) > 1:
            order = {each: (self._adds(each, {each}), each) for each in there}
            there = {each for each in there if order[each] <= order[member]}
        return self._adds(member, there)

    def _adds(self, member: int, without: set[int]) -> float:
        """What ``member`` adds to those of the best set that are not in ``without``."""
        problem = self.problem
        added = problem.added(member, problem.used([each for each in self.best if each not in without]))
        return float((added * np.where(problem.own[problem.links(member)], 1.0, _FAR)).sum())
