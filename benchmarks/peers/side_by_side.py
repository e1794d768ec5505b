"""The engine beside pgmpy and dowhy.gcm, on the sizes that these can do. Prints figures, asserts nothing.

Three comparisons, each on random worlds (made from seeds, always the same) that grow until the peer gives no answer
within the limit:

- *two layers* (two_layers.py): causes show symptoms, nothing spreads. Here the engine's score is exactly the posterior
  of a Bayesian network: pgmpy's variable elimination must name the same best set. Probabilities are summed over the
  sets that the engine's search met; the difference shows what that leaves out.
- *call trees* (call_trees.py): symptoms spread from callee to caller. pgmpy is exact, the engine approximate.
- *latencies* (latencies.py): numbers in place of symptoms. dowhy.gcm attributes the front end's anomaly to a service;
  the engine is told which latencies are above three standard deviations.

Likelihood weighting (20,000 samples) is pgmpy's approximate answer to the first two. *same* compares the most probable
sets of causes (with dowhy, the one service), *difference* is the greatest one between the probabilities that both
tell, *ratio* the peer's time by the engine's. In the engine's time is building its graph, in pgmpy's is no building.
What ends pgmpy is its best set: ``map_query`` makes the joint table of all causes, 2 to their number.

A peer that is not installed is left out. These versions work with each other, none needs torch (Python 3.11)::

    python3 -m venv /tmp/peers
    /tmp/peers/bin/pip install dowhy==0.14 pgmpy==1.1.2 numpy==2.4.6 pandas==3.1.1 scipy==1.15.3 attrs pyyaml
    PYTHONPATH=. /tmp/peers/bin/python benchmarks/peers/side_by_side.py
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

import engine
from attrs import frozen
from call_trees import call_tree
from latencies import Latencies, latencies
from limited import limited
from table import HEAD, Row, summary
from two_layers import two_layers
from world import Answer, World

LAYERS = [(5, 5), (8, 10), (12, 18), (16, 24), (20, 30), (22, 33), (24, 36), (26, 39), (28, 42)]
TREES = [4, 6, 8, 10, 11, 12, 14, 16]
SERVICES = [5, 10, 20, 40, 80]
SEEDS = (1, 2)


@frozen(eq=False)
class Contest:
    """One peer's way of answering, and the worlds that both are given, in the order of their size.

    Attributes:
        title: what is printed above.
        module, function: where the peer's answer is; the module imports the peer.
        ours: the engine's answer.
        cases: with a label.
        share: of the run's time.
    """

    title: str
    module: str
    function: str
    ours: Callable[[Any], Answer]
    cases: Iterable[tuple[str, Any]]
    share: float

    def rows(self, limit: float, seconds: float) -> Iterator[Row]:
        """Until the peer takes more than ``limit`` seconds for an answer, or ``seconds`` in all."""
        theirs = getattr(import_module(self.module), self.function)
        end = time.monotonic() + seconds
        for label, case in self.cases:
            row = Row(label, self.ours(case), limited(theirs, case, max(1.0, min(limit, end - time.monotonic()))))
            yield row
            if isinstance(row.theirs, str):
                return


def contests() -> list[Contest]:
    """All of them."""
    worlds = [two_layers(*size, seed) for size in LAYERS for seed in SEEDS]
    trees = [call_tree(size, seed) for size in TREES for seed in SEEDS]
    slow = [latencies(size, seed=1) for size in SERVICES]
    exact, sampled = "pgmpy, variable elimination (exact)", "pgmpy, likelihood weighting (20,000 samples)"
    return [
        Contest(f"{exact}: two layers", "with_pgmpy", "exact", engine.answer, _named(worlds), 0.2),
        Contest(f"{sampled}: two layers", "with_pgmpy", "sampled", engine.answer, _named(worlds), 0.08),
        Contest(f"{exact}: call trees", "with_pgmpy", "exact", engine.answer, _named(trees), 0.15),
        Contest(f"{sampled}: call trees", "with_pgmpy", "sampled", engine.answer, _named(trees), 0.07),
        Contest(
            "dowhy.gcm, attribute_anomalies: latencies", "with_dowhy", "attributed", engine.slowest, _told(slow), 0.55
        ),
    ]


def _named(worlds: Iterable[World]) -> list[tuple[str, World]]:
    return [(f"{world.label}, {sum(world.seen.values())} active", world) for world in worlds]


def _told(measured: Iterable[Latencies]) -> list[tuple[str, Latencies]]:
    return [(f"{len(each.callers) + 1} services, s{each.slow} slow", each) for each in measured]


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--limit", type=float, default=20.0, help="seconds for one answer of a peer")
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="for all peers together, shared out among the comparisons"
    )
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    for contest in contests():
        print(f"\n{contest.title}\n{HEAD}")
        rows = []
        try:
            for row in contest.rows(options.limit, options.seconds * contest.share):
                rows.append(row)
                print(row, flush=True)
        except ImportError as problem:
            print(f"left out ({problem}); how to install it: the head of benchmarks/peers/side_by_side.py")
            continue
        print(summary(rows))


if __name__ == "__main__":
    main()
