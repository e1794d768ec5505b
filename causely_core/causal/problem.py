"""One independent part of an inference: candidates, the active symptoms they share, and the score of a set."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from causely_core.causal.candidate import Candidate
from causely_core.causal.observed import Observed
from causely_core.causal.walk import DIRECT

Floats = NDArray[np.float64]


@frozen(eq=False)
class Problem:
    """N candidates over M active symptoms.

    Attributes:
        candidates: N of them; a hypothesis is a set of their places.
        nodes: M active symptom nodes.
        bias: N log prior odds with the evidence of absent symptoms and onsets.
        weight: N x M, -log(1 - probability that the candidate makes the symptom seen).
        via: N x M, through which node it does so; a negative number of its own when directly.
        silence: M, one less the leak.
    """

    candidates: tuple[Candidate, ...]
    nodes: tuple[int, ...]
    bias: Floats
    weight: Floats
    via: NDArray[np.int64]
    silence: Floats

    @classmethod
    def of(cls, observed: Observed, candidates: Sequence[Candidate]) -> Problem:
        """The problem of ``candidates`` over all active symptoms that any of them reaches."""
        nodes = sorted({node for candidate in candidates for node in candidate.active})
        column = {node: place for place, node in enumerate(nodes)}
        weight = np.zeros((len(candidates), len(nodes)))
        via = np.zeros(weight.shape, dtype=np.int64)
        for row, candidate in enumerate(candidates):
            for node, each in candidate.active.items():
                seen = each.belief * (1.0 - observed.graph.spec(node).miss)
                weight[row, column[node]] = -np.log1p(-seen)
                via[row, column[node]] = -row - 1 if each.via == DIRECT else each.via
        silence = np.array([1.0 - observed.leak(node) for node in nodes])
        bias = np.array([candidate.bias for candidate in candidates])
        return cls(tuple(candidates), tuple(nodes), bias, weight, via, silence)

    def gains(self, members: Sequence[int]) -> Floats:
        """By how much the score of the set ``members`` grows with each candidate (N); 0 or less for members.

        Two causes that reach a symptom through the same node are not independent there: the stronger one
        counts. Through different nodes they combine as a noisy OR.
        """
        covered = self.covered(members)
        added = np.maximum(self.weight - self._shared(members), 0.0)
        return np.asarray(self.bias + (self._log_odds(covered + added) - self._log_odds(covered)).sum(axis=1))

    def score(self, members: Sequence[int]) -> float:
        """Log posterior odds of the set against the empty one, which explains everything by leaks."""
        evidence = self._log_odds(self.covered(members)) - self._log_odds(np.zeros(len(self.nodes)))
        return float(self.bias[list(members)].sum() + evidence.sum())

    def covered(self, members: Sequence[int]) -> Floats:
        """-log of the probability that no member makes each symptom seen (M)."""
        covered = np.zeros(len(self.nodes))
        for place, member in enumerate(members):
            shared = self._shared(members[:place])[member]
            covered += np.maximum(self.weight[member] - shared, 0.0)
        return covered

    def _shared(self, members: Sequence[int]) -> Floats:
        shared = np.zeros(self.weight.shape)
        for member in members:
            through_same = self.via == self.via[member]
            shared = np.maximum(shared, np.where(through_same, self.weight[member], 0.0))
        return shared

    def _log_odds(self, covered: Floats) -> Floats:
        return np.asarray(np.log1p(-self.silence * np.exp(-covered)))
