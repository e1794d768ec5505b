"""How often the engine names the true causes of simulated incidents. Prints figures, asserts nothing.

Incidents happen to systems of 50 to 500 services with one to three simultaneous causes; the simulation knows nothing of
the causal model. Each is diagnosed as it is, with 20 % of its symptoms lost and 10 % spurious ones, and, for single
causes, by a catalogue without the cause. Every fourth system is also diagnosed with nothing but spurious symptoms.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from accuracy_plots import plot
from accuracy_report import misses, report
from accuracy_trials import Trial, trial


def run(incidents: int, seed: int, processes: int) -> list[Trial]:
    """All trials, by number."""
    if processes == 1:
        return [trial(seed, number) for number in range(incidents)]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        return pool.map(partial(trial, seed), range(incidents), chunksize=4)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--incidents", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, choices=(1, 2), default=2)
    parser.add_argument("--plots", type=Path, help="folder for PNGs")
    parser.add_argument("--verbose", action="store_true", help="print every miss")
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    trials = run(options.incidents, options.seed, options.processes)
    if options.verbose:
        print("\n".join(misses(trials)))
    print("\n".join(report(trials)))
    print(f"{options.incidents} incidents in {time.perf_counter() - started:.0f} s")
    if options.plots:
        print(plot(trials, options.plots))


if __name__ == "__main__":
    main()
