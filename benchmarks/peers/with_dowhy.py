"""dowhy.gcm's answer to slow services: whose own noise explains that the front end is anomalous.

A linear causal model of the latencies is fitted to the usual ones; ``attribute_anomalies`` shares the anomaly of the
late request's front end out among the services, by Shapley values (Janzing et al. 2019, arXiv 1912.02724).
"""

from __future__ import annotations

import time

import networkx as nx
import pandas as pd
from dowhy import gcm
from dowhy.gcm.ml import create_linear_regressor
from dowhy.gcm.shapley import ShapleyConfig
from latencies import Latencies
from world import Answer


def attributed(measured: Latencies) -> Answer:
    """The service with the greatest share; fitting is in the time, as learning what is usual is in the engine's."""
    services = range(measured.usual.shape[1])
    names = [f"s{number}" for number in services]
    usual, late = (pd.DataFrame(rows, columns=names) for rows in (measured.usual, measured.late))
    gcm.config.disable_progress_bars()
    gcm.util.general.set_random_seed(1)
    begin = time.perf_counter()
    model = _model(measured)
    gcm.fit(model, usual)
    shares = gcm.attribute_anomalies(model, "s0", late, shapley_config=ShapleyConfig(n_jobs=1))
    seconds = time.perf_counter() - begin
    top = max(shares, key=lambda each: float(shares[each][0]))
    return Answer(frozenset({top}), {}, seconds)


def _model(measured: Latencies) -> gcm.InvertibleStructuralCausalModel:
    edges = [(f"s{callee}", f"s{caller}") for callee, caller in enumerate(measured.callers, start=1)]
    model = gcm.InvertibleStructuralCausalModel(nx.DiGraph(edges))
    for node in model.graph.nodes:
        calls = model.graph.in_degree(node)
        mechanism = gcm.AdditiveNoiseModel(create_linear_regressor()) if calls else gcm.EmpiricalDistribution()
        model.set_causal_mechanism(node, mechanism)
    return model
