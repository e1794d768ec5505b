"""One independent part of an inference: candidates, the active symptoms they share, and the score of a set."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from attrs import field, frozen

from causely_core.causal.arrays import Flags, Floats, Places
from causely_core.causal.candidate import Candidate, Chosen
from causely_core.causal.candidates import Candidates
from causely_core.causal.native.links import links
from causely_core.causal.native.problem import Part


@frozen(eq=False)
class Problem:
    """N candidates over M active symptoms, with a link where a candidate leads to a symptom.

    A way is a symptom with the node through which it is reached; every direct effect is a way of its own. Two
    causes that reach a symptom by the same way are not independent there: the stronger one counts. By different
    ways they combine as a noisy OR. The score of a set is its log posterior odds against the empty one, which explains
    everything by leaks: the biases of its members and the evidence of what they cover.

    Attributes:
        candidates: N of them; a hypothesis is a set of their places.
        place: N, of their entities.
        nodes: M active symptom nodes.
        bias: N log prior odds with the evidence of absent symptoms and onsets.
        silence: M, one less the leak.
        start: N + 1; the links of candidate ``i`` are ``start[i]:start[i + 1]``.
        column, way: of each link: its symptom and way.
        weight: of each link, -log(1 - probability that the candidate makes the symptom seen).
        symptom: of each way, its symptom.
        own: of each link, whether the symptom is of the candidate's entity.
        part: what of it is reckoned natively.
    """

    candidates: Sequence[Candidate]
    place: Places
    nodes: Places
    bias: Floats
    silence: Floats
    start: Places
    column: Places
    way: Places
    weight: Floats
    symptom: Places
    own: Flags
    part: Part = field(init=False)

    @part.default
    def _prepare(self) -> Part:
        names = "start", "column", "way", "weight", "symptom", "silence", "bias"
        return Part({name: getattr(self, name) for name in names} | {"left": np.exp(-self.weight)})

    @classmethod
    def of(cls, candidates: Candidates, rows: Places) -> Problem:
        """The problem of the candidates at ``rows``, ascending, over all active symptoms that any of them reaches."""
        signs, observed = candidates.signs, candidates.observed
        numbers, found = links(rows, signs.first, signs.columns, signs.active)
        return cls(
            Chosen(candidates, rows),
            candidates.place[rows],
            observed.nodes[numbers],
            candidates.bias[rows],
            1.0 - observed.leaks[numbers],
            **found,
        )

    @cached_property
    def alone(self) -> Floats:
        """The score that each candidate (N) has as the only cause."""
        return self.beyond(self.used(()))[1]

    def beyond(self, used: Floats) -> tuple[float, Floats]:
        """Where each way has the weight ``used``: the evidence, and by how much the score grows with each candidate.

        The evidence is the log likelihood of the active symptoms against leaks alone.
        """
        return self.part.beyond(used)

    def added(self, member: int, used: Floats) -> Floats:
        """By how much the evidence grows by each link of ``member`` where each way has the weight ``used`` already."""
        links = self.links(member)
        column = self.column[links]
        calm = self.silence[column] * np.exp(-self._covered(used)[column])
        more = np.maximum(self.weight[links] - used[self.way[links]], 0.0)
        return np.asarray(np.log1p(-calm * np.exp(-more)) - np.log1p(-calm))

    def links(self, member: int) -> slice:
        """Where the links of ``member`` are."""
        return slice(int(self.start[member]), int(self.start[member + 1]))

    def used(self, members: Sequence[int]) -> Floats:
        """The greatest weight that any member has on each way."""
        used = np.zeros(len(self.symptom))
        for member in members:
            links = self.links(member)
            used[self.way[links]] = np.maximum(used[self.way[links]], self.weight[links])
        return used

    def _covered(self, used: Floats) -> Floats:
        return np.bincount(self.symptom, used, len(self.nodes)).astype(np.float64)
