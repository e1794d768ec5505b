"""What no set of causes can exceed, told from how little more can be gained where much is covered already."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from causely_core.causal.arrays import Floats, Places
from causely_core.causal.problem import Problem

_PARTS = (1.0, 0.5, 0.25)
"""Parts of what the best set covers that are taken as given: all of it bounds large sets well, less of it pairs."""


@frozen(eq=False)
class Bounds:
    """Upper bounds on scores, from B coverages that are taken as given.

    The evidence is submodular: a cause adds to a coverage at most what it adds to a smaller one. So the score of a set
    is no more than the evidence of any coverage, given for nothing, and what each cause of the set adds to that alone
    (Nemhauser, Wolsey, Fisher 1978, proposition 2.1). The coverage need not be that of a set.

    Attributes:
        evidence: B, of each coverage.
        gains: B x N, by how much the score grows with each candidate beyond each coverage.
    """

    evidence: Floats
    gains: Floats

    @classmethod
    def of(cls, problem: Problem, best: Sequence[int]) -> Bounds:
        """From parts of what the set ``best`` covers; the better that is, the tighter they are."""
        used = problem.used(best)
        evidence, gains = zip(*(problem.beyond(used * part) for part in _PARTS), strict=True)
        return cls(np.array(evidence), np.array(gains))

    def larger(self, members: Sequence[int], rest: Places) -> Floats:
        """For each place in ``rest``, what no set of ``members``, that one and one or more after it can exceed."""
        gains = self.gains[:, rest]
        most = np.full(gains.shape, -np.inf)
        most[:, :-1] = np.maximum.accumulate(gains[:, :0:-1], axis=1)[:, ::-1]
        positive = np.maximum(gains, 0.0)
        after = np.cumsum(positive[:, ::-1], axis=1)[:, ::-1] - positive
        given = self.evidence + self.gains[:, list(members)].sum(axis=1)
        bounds = given[:, None] + gains + np.where(most > 0.0, after, most)
        return np.asarray(bounds.min(axis=0))
