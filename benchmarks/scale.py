"""How long the engine takes on topologies of 1,000, 10,000 and 100,000 entities. Prints figures, asserts nothing.

Each size has a process of its own, so that its memory is its own. Of what is measured often, the median is told.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from builtin_models import catalogue, models
from city import City, household
from outbreak import NOW, outbreak

from causely_core.causal import CausalGraph, build_graph, diagnose
from causely_core.causal.change import Change

SIZES = (1_000, 10_000, 100_000)
SYMPTOMS = (100, 1_000)
HEAD = "entities  relations  causal edges  build s  delta ms  100 symptoms ms  1,000 symptoms ms  root causes  MiB"


def measure(size: int) -> str:
    """One line of the table."""
    before = _resident()
    city = City.of(size, models())
    entities = {each.id: each for each in city.entities}
    started = time.perf_counter()
    graph = build_graph(catalogue(), entities, city.relations)
    built = time.perf_counter() - started
    deltas = statistics.median(_timed(lambda change=change: graph.apply(change)) for change in rollouts(city))
    shown = [outbreak(graph, count) for count in SYMPTOMS]
    few, many = (statistics.median(_timed(lambda s=s: diagnose(graph, s, NOW)) for _ in range(7)) for s in shown)
    named = len(diagnose(graph, shown[-1], NOW).root_causes)
    return (
        f"{len(entities):8,}  {len(city.relations):9,}  {edges(graph):12,}  {built:7.2f}  {deltas * 1e3:8.1f}"
        f"  {few * 1e3:15.0f}  {many * 1e3:17.0f}  {named:11}  {_resident() - before:3.0f}"
    )


def rollouts(city: City) -> Iterator[Change]:
    """Deltas of some 100 changes: 13 services get new containers instead of theirs, with their relations."""
    for number in range(0, 260, 13):
        places = [(number + each) % len(city.households) for each in range(13)]
        homes = [(place, household(city.watched, f"s{place}v{number}")) for place in places]
        arrived = [each for _, home in homes for each in home.containers]
        gone = [each.id for place in places for each in city.households[place].containers]
        links = [link for place, home in homes for link in city.containers(place, home.containers)]
        yield Change(tuple(arrived), tuple(links), tuple(gone))


def edges(graph: CausalGraph) -> int:
    """Arrows from one symptom to another."""
    return int((graph.out.rows.stop - graph.out.rows.first).sum())


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    print(HEAD)
    for size in parser.parse_args(arguments).sizes:
        with ProcessPoolExecutor(1, get_context("spawn")) as alone:
            print(alone.submit(measure, size).result(), flush=True)


if __name__ == "__main__":
    main()
