"""Searching the best set of causes: greedy with local search, then branch and bound around it, best bound first.

The evidence part of the score is submodular (a concave function of what is covered), so the gain of a cause only
shrinks as a set grows. A cause that does not help a set helps none of its supersets; the sum of positive gains bounds
what any superset can reach (Nemhauser, Wolsey, Fisher 1978), and so does the problem's ceiling. The set with the
highest bound is opened first, so that what is left unopened when the budget ends bounds how much was missed.
"""

from __future__ import annotations

import heapq

import numpy as np
from attrs import define, field

from causely_core.causal.arrays import Floats, Places
from causely_core.causal.bounds import Bounds
from causely_core.causal.posterior import Opened, posterior
from causely_core.causal.problem import Problem

_BUDGET = 50_000
"""Links from candidates to symptoms that branch and bound may weigh, over all sets."""

_SLACK = 3.0
"""Nats below the best at which a set is still opened, so that near rivals count in the posterior."""

_EPSILON = 1e-9
"""Scores closer than this are equal: sums in another order differ by so much."""

_FAR = 0.2
"""Weight of what a cause explains elsewhere when root causes are put in order."""

Members = tuple[int, ...]


@define
class Search:
    """The best set of a problem's candidates and the sets met on the way.

    Attributes:
        budget: links from candidates to symptoms that branch and bound may weigh, over all sets.
        best: the best set, in ascending order.
        score: its score against the empty set, nats; 0 or more.
        gap: nats by which a set that was not met may be better; 0 when none can be.
    """

    problem: Problem
    budget: int = _BUDGET
    best: Members = field(default=(), init=False)
    score: float = field(default=0.0, init=False)
    gap: float = field(default=0.0, init=False)
    _opened: dict[Members, Opened] = field(factory=dict, init=False)
    _weighed: int = field(default=0, init=False)
    _queue: list[tuple[float, Members, Places]] = field(factory=list, init=False)

    def run(self) -> Search:
        """Search; returns itself."""
        while self._grow() or self._exchange():
            pass
        self._weighed = 0
        bounds = Bounds.of(self.problem, self.best)
        self._branch(bounds, (), np.arange(len(self.problem.candidates)))
        while self._queue and -self._queue[0][0] >= self.score - _SLACK and self._weighed < self.budget:
            _, members, rest = heapq.heappop(self._queue)
            self._branch(bounds, members, rest)
        self.gap = max(-self._queue[0][0] - self.score - _EPSILON, 0.0) if self._queue else 0.0
        return self

    def posterior(self) -> Floats:
        """Probability of each candidate (N), normalised over the sets met."""
        return posterior(self._opened, len(self.problem.candidates), self.score)

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

    def _grow(self) -> bool:
        """Move to the best set that has one cause more, if it is better."""
        before = self.best
        self._open(before)
        return self.best != before

    def _exchange(self) -> bool:
        """Move to the best set with one cause dropped or swapped, if it is better."""
        before = self.best
        for dropped in before:
            self._open(tuple(member for member in before if member != dropped))
        return self.best != before

    def _open(self, members: Members) -> Opened:
        """What is known of ``members``, which is met with all sets that have one cause more."""
        if members not in self._opened:
            self._weighed += len(self.problem.way)
            opened = self._opened[members] = self.problem.weighed(members)
            opened.gains[list(members)] = -np.inf
            self._meet(members, opened.score)
            self._meet_larger(members, *opened)
        return self._opened[members]

    def _branch(self, bounds: Bounds, members: Members, rest: Places) -> None:
        """Open ``members``, and queue those larger by one of ``rest`` of which a superset may be near the best."""
        score, gains = self._open(members)
        rest = rest[gains[rest] > 0.0]
        rest = rest[np.argsort(-gains[rest], kind="stable")]
        most = np.minimum(score + np.cumsum(gains[rest][::-1])[::-1], bounds.larger(members, rest))
        for place in np.flatnonzero(most >= self.score - _SLACK).tolist():
            candidate = int(rest[place])
            larger = tuple(sorted((*members, candidate)))
            heapq.heappush(self._queue, (-float(most[place]), larger, rest[place + 1 :]))

    def _meet_larger(self, members: Members, score: float, gains: Floats) -> None:
        most = gains.max(initial=-np.inf)
        if score + most > self.score - _EPSILON:
            for candidate in np.flatnonzero(gains > most - _EPSILON).tolist():
                self._meet(tuple(sorted((*members, candidate))), score + float(gains[candidate]))

    def _meet(self, members: Members, score: float) -> None:
        fewer_or_first = (len(members), members) < (len(self.best), self.best)
        if score > self.score + _EPSILON or (score > self.score - _EPSILON and fewer_or_first):
            self.best, self.score = members, score
