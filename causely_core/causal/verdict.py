"""From a finished search to root causes that can be read: what each explains, how, and why not another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
from attrs import field, frozen

from causely_core.causal.candidate import Candidate
from causely_core.causal.observed import Observed
from causely_core.causal.problem import Floats
from causely_core.causal.search import Search
from causely_core.causal.walk import DIRECT, trail
from causely_core.model import Alternative, EntityId, PathStep, RootCause, SymptomKey

_MISSED = 0.5
"""Belief from which an absent symptom is worth telling: it would have shown more often than not."""

_ALTERNATIVES = 4
"""Rivals told of each root cause."""


@frozen(eq=False)
class Verdict:
    """What a search has found, in words.

    Attributes:
        observed: what was seen.
        search: finished.
    """

    observed: Observed
    search: Search
    _posterior: Floats = field(init=False)
    _alone: Floats = field(init=False)

    @_posterior.default
    def _weigh(self) -> Floats:
        return self.search.posterior()

    @_alone.default
    def _score_alone(self) -> Floats:
        return self.search.problem.gains(())

    def root_cause(self, member: int) -> RootCause:
        """The root cause that the candidate ``member`` of the best set stands for."""
        candidate = self.search.problem.candidates[member]
        nodes = self._explained(candidate)
        explains = tuple(map(self.observed.graph.key, nodes))
        onset = min(self.observed.active[node].onset for node in nodes)
        own = candidate.entity
        return RootCause(
            _id(own, candidate.spec.name, onset),
            own,
            candidate.spec.name,
            min(float(self._posterior[member]), 1.0),
            onset,
            explains,
            tuple(dict.fromkeys(step for node in nodes for step in self._path(candidate, node))),
            tuple(self.observed.graph.key(node) for node, _ in candidate.missing(self.observed, _MISSED)),
            tuple(dict.fromkeys(key.entity for key in explains if key.entity != own)),
            tuple(self._alternatives(candidate)),
            candidate.spec.description,
            candidate.spec.remediation,
        )

    def _explained(self, candidate: Candidate) -> list[int]:
        """Active symptoms that the candidate explains better than noise does, nearest first; at least one."""
        believed = [node for node, each in candidate.active.items() if each.belief > self.observed.leak(node)]
        return believed or list(candidate.active)[:1]

    def _path(self, candidate: Candidate, node: int) -> Iterator[PathStep]:
        graph = self.observed.graph
        source = SymptomKey(candidate.entity, candidate.spec.name)
        for at in trail(candidate.reached, node):
            reached, target = candidate.reached[at], graph.key(at)
            relation = "" if reached.via == DIRECT else graph.relations[reached.relation]
            yield PathStep(source, target, relation, reached.arrow)
            source = target

    def _alternatives(self, candidate: Candidate) -> Iterator[Alternative]:
        """Rivals that could explain one of its symptoms and are not in the best set, the best alone first."""
        mine = set(self._explained(candidate))
        told = 0
        for place in np.argsort(-self._alone, kind="stable").tolist():
            rival = self.search.problem.candidates[place]
            if place in self.search.best or not mine & rival.active.keys():
                continue
            probability = min(float(self._posterior[place]), 1.0)
            yield Alternative(rival.entity, rival.spec.name, probability, self._reason(rival, mine))
            told += 1
            if told == _ALTERNATIVES:
                return

    def _reason(self, rival: Candidate, explained: set[int]) -> str:
        absent = [self._said(node) for node, _ in rival.missing(self.observed, _MISSED)]
        if absent:
            return f"it would show {_some(absent)}, which {_is(absent)} not seen"
        unexplained = sorted(explained - set(self._explained(rival)))
        if unexplained:
            return f"it does not explain {_some([self._said(node) for node in unexplained])}"
        if rival.lateness < 0:
            return "its own symptoms began after those it would have caused"
        return "it explains the same symptoms less well"

    def _said(self, node: int) -> str:
        key = self.observed.graph.key(node)
        return f"{key.name} of {key.entity.partition(':')[2]}"


def _some(names: list[str]) -> str:
    shown = names[:2]
    return " and ".join(shown) if len(names) == len(shown) else f"{shown[0]} and {len(names) - 1} more"


def _is(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _id(entity: EntityId, cause: str, onset: float) -> str:
    return hashlib.blake2b(f"{entity}\n{cause}\n{onset:.3f}".encode(), digest_size=8).hexdigest()
