"""Inference: the fewest root causes that explain the active symptoms, and what speaks for and against each.

A noisy OR in which causes have priors, symptoms leak and go missing, and absent symptoms are evidence; the set of
causes with the highest posterior is searched exactly within a budget. docs/inference.md gives the formulas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from causely_core.causal.calibration import SIMULATED, Calibration
from causely_core.causal.candidates import Candidates
from causely_core.causal.graph import CausalGraph
from causely_core.causal.observed import Observed
from causely_core.causal.problem import Problem
from causely_core.causal.search import Search
from causely_core.causal.verdict import Verdict
from causely_core.model import Diagnosis, RootCause, Symptom, SymptomKey


def diagnose(
    graph: CausalGraph,
    active: Mapping[SymptomKey, Symptom],
    now: float,
    calibration: Calibration | None = SIMULATED,
) -> Diagnosis:
    """Infer root causes. Pure: the same topology and symptoms give the same answer, bit for bit.

    Args:
        graph: of the topology in which the symptoms were seen.
        active: symptoms by key; those not active are ignored.
        now: seconds since the epoch, becomes the diagnosis' time.
        calibration: makes probabilities of the posterior; without it they are the posterior.

    Returns:
        The causes of the most probable set, in descending order of how much each is needed; none when leaks explain
        the symptoms better.
    """
    observed = Observed.of(graph, active)
    candidates = Candidates.of(observed)
    searches = list(_searches(candidates))
    verdicts = [Verdict(observed, search, calibration) for search in searches]
    candidates.look(each.row for verdict in verdicts for each in verdict.named())
    candidates.look(each.row for verdict in verdicts for each in verdict.rivals())
    weighed = [each for verdict in verdicts for each in _root_causes(verdict)]
    weighed.sort(key=lambda each: (-each[0], each[1].entity, each[1].cause))
    found = [cause for _, cause in weighed]
    explained = {key for cause in found for key in cause.explains}
    unexplained = [each.key for each in observed.active.values() if each.key not in explained]
    gap = max((search.gap for search in searches), default=0.0)
    return Diagnosis(now, tuple(found), tuple(sorted((*unexplained, *observed.unknown))), gap)


def _searches(candidates: Candidates) -> Iterator[Search]:
    """One finished search for each part in which any candidate is better than none."""
    for rows in candidates.signs.parts():
        problem = Problem.of(candidates, rows)
        if problem.alone.max() > 0.0:
            yield Search.of(problem)


def _root_causes(verdict: Verdict) -> Iterator[tuple[float, RootCause]]:
    for member in verdict.search.best:
        worth = verdict.search.worth(member)
        yield worth, verdict.root_cause(member, worth)
