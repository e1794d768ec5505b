"""One independent part of an inference: candidates, the active symptoms they share, and the score of a set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from causely_core.causal.candidate import Candidate
from causely_core.causal.observed import Observed
from causely_core.causal.walk import DIRECT

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@frozen(eq=False)
class Problem:
    """N candidates over M active symptoms, with a link where a candidate leads to a symptom.

    A way is a symptom with the node through which it is reached; every direct effect is a way of its own. Two
    causes that reach a symptom by the same way are not independent there: the stronger one counts. By different
    ways they combine as a noisy OR.

    Attributes:
        candidates: N of them; a hypothesis is a set of their places.
        nodes: M active symptom nodes.
        bias: N log prior odds with the evidence of absent symptoms and onsets.
        silence: M, one less the leak.
        start: N + 1; the links of candidate ``i`` are ``start[i]:start[i + 1]``.
        row, column, way: of each link: its candidate, symptom and way.
        weight: of each link, -log(1 - probability that the candidate makes the symptom seen).
        symptom: of each way, its symptom.
    """

    candidates: tuple[Candidate, ...]
    nodes: tuple[int, ...]
    bias: Floats
    silence: Floats
    start: Places
    row: Places
    column: Places
    way: Places
    weight: Floats
    symptom: Places

    @classmethod
    def of(cls, observed: Observed, candidates: Sequence[Candidate]) -> Problem:
        """The problem of ``candidates`` over all active symptoms that any of them reaches."""
        nodes = sorted({node for candidate in candidates for node in candidate.active})
        place = {node: number for number, node in enumerate(nodes)}
        ways: dict[tuple[int, int], int] = {}
        links = [
            (row, place[node], ways.setdefault((node, via), len(ways)), weight)
            for row, candidate in enumerate(candidates)
            for node, via, weight in _links(observed, row, candidate)
        ]
        row, column, way = (np.array([link[part] for link in links], dtype=np.int64) for part in range(3))
        return cls(
            tuple(candidates),
            tuple(nodes),
            np.array([candidate.bias for candidate in candidates], dtype=np.float64),
            np.array([1.0 - observed.leak(node) for node in nodes]),
            np.searchsorted(row, np.arange(len(candidates) + 1)),
            row,
            column,
            way,
            -np.log1p(-np.array([link[3] for link in links], dtype=np.float64)),
            np.array([place[node] for node, _ in ways], dtype=np.int64),
        )

    def gains(self, members: Sequence[int]) -> Floats:
        """By how much the score of the set ``members`` grows with each candidate (N); 0 or less for members."""
        used = self.used(members)
        covered = self._covered(used)[self.column]
        added = np.maximum(self.weight - used[self.way], 0.0)
        silence = self.silence[self.column]
        evidence = _log_odds(silence, covered + added) - _log_odds(silence, covered)
        return self.bias + np.bincount(self.row, evidence, len(self.candidates))

    def score(self, members: Sequence[int]) -> float:
        """Log posterior odds of the set against the empty one, which explains everything by leaks."""
        return float(self.bias[list(members)].sum() + self._evidence(self.used(members)))

    def ceilings(self, members: Sequence[int], rest: Sequence[int]) -> Floats:
        """For each place in ``rest``, what no set of ``members`` and two or more of ``rest[place:]`` can exceed.

        As if two causes, the one at the place and the best after it, took every way that any of them takes.
        """
        used = self.used(members)
        after, most = 0.0, -np.inf
        ceilings = np.full(len(rest), -np.inf)
        for place in range(len(rest) - 1, -1, -1):
            self._use(used, rest[place])
            bias = float(self.bias[rest[place]])
            ceilings[place] = bias + max(most, after) + self._evidence(used)
            after, most = after + max(bias, 0.0), max(most, bias)
        return np.asarray(ceilings + self.bias[list(members)].sum())

    def undominated(self) -> Places:
        """The candidates without those for which another one can always stand in without loss.

        Such another has no less bias and no less weight on any way; so what has a way of its own stays.
        """
        order = np.lexsort((-np.bincount(self.row, self.weight, len(self.candidates)), -self.bias))
        alive = np.ones(len(self.candidates), dtype=np.bool_)
        for one in order.tolist():
            if alive[one]:
                beyond = np.bincount(self.row, self.weight > self.used((one,))[self.way], len(self.candidates))
                alive &= (beyond > 0) | (self.bias > min(self.bias[one], 0.0))
                alive[one] = True
        return np.flatnonzero(alive)

    def used(self, members: Sequence[int]) -> Floats:
        """The greatest weight that any member has on each way."""
        used = np.zeros(len(self.symptom))
        for member in members:
            self._use(used, member)
        return used

    def _use(self, used: Floats, member: int) -> None:
        links = slice(self.start[member], self.start[member + 1])
        used[self.way[links]] = np.maximum(used[self.way[links]], self.weight[links])

    def _covered(self, used: Floats) -> Floats:
        return np.bincount(self.symptom, used, len(self.nodes)).astype(np.float64)

    def _evidence(self, used: Floats) -> float:
        seen = _log_odds(self.silence, self._covered(used)) - np.log1p(-self.silence)
        return float(seen.sum())


def _links(observed: Observed, row: int, candidate: Candidate) -> Iterator[tuple[int, int, float]]:
    for node, each in candidate.active.items():
        via = -row - 1 if each.via == DIRECT else each.via
        yield node, via, each.belief * (1.0 - observed.graph.miss[node])


def _log_odds(silence: Floats, covered: Floats) -> Floats:
    return np.asarray(np.log1p(-silence * np.exp(-covered)))
