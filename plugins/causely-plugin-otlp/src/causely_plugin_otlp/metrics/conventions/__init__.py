"""Which metric tells what: one table for each family of conventions, indexed by the name of the metric.

Sources: https://opentelemetry.io/docs/specs/semconv/ (1.37) and the pages of the versions 1.20 to 1.26, and the
``metadata.yaml`` of the Collector's hostmetrics, kubeletstats, k8s_cluster, docker_stats and kafkametrics receivers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain

from attrs import evolve

from causely_plugin_otlp.metrics.conventions import (
    container,
    jvm,
    kubernetes,
    messaging,
    paging,
    pool,
    process,
    runtime,
    system,
)
from causely_plugin_otlp.metrics.rules import Rule

TABLES = (
    kubernetes.RULES,
    container.RULES,
    system.RULES,
    paging.RULES,
    jvm.RULES,
    process.RULES,
    runtime.RULES,
    pool.RULES,
    messaging.RULES,
)
"""In order of belief: of the rules of one attribute, the first with values counts. Kubernetes knows the limits that
utilizations are of, a JVM knows its heap's, and the runtimes know only a part of what the process uses."""


def _indexed(rules: Iterable[Rule]) -> dict[str, tuple[Rule, ...]]:
    """Rules by metric. Each name of a metric has a rank of its own: two names of one thing are not added up."""
    ranked = ((metric, rule) for rule in rules for metric in rule.metrics)
    index: dict[str, list[Rule]] = defaultdict(list)
    for rank, (metric, rule) in enumerate(ranked):
        index[metric].append(evolve(rule, metrics=(metric,), rank=rank))
    return {metric: tuple(found) for metric, found in index.items()}


BY_METRIC = _indexed(chain.from_iterable(TABLES))
"""Rules by the name of the metric."""
