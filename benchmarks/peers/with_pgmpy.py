"""pgmpy's answers to a world: variable elimination, which is exact, and likelihood weighting.

The model is built before the clock starts: in pgmpy's favour, for its tables are exponential in the parents.
"""

from __future__ import annotations

import time
from itertools import product

from network import NoisyOr
from pgmpy.factors.discrete import State, TabularCPD
from pgmpy.inference import VariableElimination
from pgmpy.models import DiscreteBayesianNetwork
from pgmpy.sampling import BayesianModelSampling
from world import Answer, World

SAMPLES = 20_000


def exact(world: World) -> Answer:
    """The most probable set from the joint of all causes, and each cause's probability by a query of its own."""
    evidence = {each: int(there) for each, there in world.seen.items()}
    elimination = VariableElimination(_model(world))
    begin = time.perf_counter()
    best = elimination.map_query(list(world.causes), evidence, show_progress=False)
    factors = {each: elimination.query([each], evidence, show_progress=False) for each in world.causes}
    seconds = time.perf_counter() - begin
    probability = {each: float(factor.values[1]) for each, factor in factors.items()}
    return Answer(frozenset(each for each, value in best.items() if value), probability, seconds)


def sampled(world: World) -> Answer:
    """Both from weighted samples; always the same ones for a world."""
    evidence = [State(each, int(there)) for each, there in world.seen.items()]
    sampling = BayesianModelSampling(_model(world))
    begin = time.perf_counter()
    rows = sampling.likelihood_weighted_sample(evidence, SAMPLES, seed=1, show_progress=False, n_jobs=1)
    causes = list(world.causes)
    weights = rows["_weight"] / rows["_weight"].sum()
    heaviest = weights.groupby([rows[each] for each in causes]).sum().idxmax()
    best = frozenset(each for each, value in zip(causes, heaviest, strict=True) if value)
    probability = {each: float(weights[rows[each] == 1].sum()) for each in causes}
    return Answer(best, probability, time.perf_counter() - begin)


def _model(world: World) -> DiscreteBayesianNetwork:
    model = DiscreteBayesianNetwork()
    model.add_nodes_from(world.network)
    model.add_edges_from((parent, each) for each, variable in world.network.items() for parent in variable.parents)
    model.add_cpds(*(_table(each, variable) for each, variable in world.network.items()))
    return model


def _table(name: str, variable: NoisyOr) -> TabularCPD:
    """Columns count through the parents' states, the last parent's fastest."""
    parents = list(variable.parents)
    states = product((False, True), repeat=len(parents))
    true = [
        variable.probability(parent for parent, there in zip(parents, state, strict=True) if there) for state in states
    ]
    return TabularCPD(name, 2, [[1.0 - p for p in true], true], parents, [2] * len(parents))
