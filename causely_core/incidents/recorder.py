"""Recording an incident from series as they come, holding no more than one of them."""

from __future__ import annotations

import math
import os
from collections.abc import AsyncIterable
from pathlib import Path

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from causely_core.errors import CauselyError
from causely_core.incidents.incident import Span, Track
from causely_core.incidents.live_topology import LiveTopology
from causely_core.incidents.metrics_writer import MetricsWriter, open_metrics
from causely_core.incidents.new_folder import new_folder
from causely_core.incidents.pseudonyms import Aliases
from causely_core.incidents.tally import Tally
from causely_core.incidents.writer import METRICS, write_times, write_topology
from causely_core.model import Series, SymptomKey

Floats = NDArray[np.float64]
Samples = tuple[Series, Floats, Floats]
"""A series with its times (ascending, seconds since the epoch) and values."""

RESOLUTION = 0.001
"""Seconds between two times that the time series store can tell apart."""


class NothingMeasuredError(CauselyError):
    """Nothing was measured in the time that is to be explained."""

    exit_code = os.EX_NOINPUT


@frozen
class Plan:
    """What to record.

    Attributes:
        topology: under the names that are written.
        aliases: from the ids that series come with to those of the topology; other series are left out.
        baseline: wanted; it is written without the time before the first sample.
        window: what is to be explained.
        reported: what a person noticed, under the names that are written.
    """

    topology: LiveTopology
    aliases: Aliases
    baseline: Span
    window: Span
    reported: SymptomKey | None = None


def spans(now: float, last: float, before: float) -> tuple[Span, Span]:
    """Baseline and window: the ``last`` seconds until ``now``, and ``before`` seconds that end just before them."""
    end = float(math.floor(now))
    start = end - last
    return Span(start - before, start - RESOLUTION), Span(start, end)


async def record(folder: Path, plan: Plan, samples: AsyncIterable[Samples]) -> Tally:
    """Write an incident into ``folder``, which appears whole or not at all.

    Raises:
        FolderError: the folder holds something already, or the file system refuses.
        NothingMeasuredError: there are no samples of the topology's entities in the window.
        CauselyError: whatever ``samples`` raises.
    """
    with new_folder(folder) as draft:
        with open_metrics(draft / METRICS) as metrics:
            tally = await _write(metrics, plan.aliases, samples)
        if tally.last < plan.window.start:
            raise NothingMeasuredError(_why_nothing(plan, tally))
        write_topology(draft, plan.topology.entities, plan.topology.relations)
        write_times(draft, tally.measured(plan.baseline) or plan.baseline, plan.window, plan.reported)
    return tally


async def _write(metrics: MetricsWriter, aliases: Aliases, samples: AsyncIterable[Samples]) -> Tally:
    tally = Tally()
    async for series, times, values in samples:
        alias = aliases.get(series.entity)
        if alias is None:
            tally.strangers += 1
            continue
        track = _track(Series(alias, series.attribute), times, values)
        if len(track.times):
            metrics.write(track)
            tally.add(track)
    return tally


def _track(series: Series, times: Floats, values: Floats) -> Track:
    """The finite samples; of several at one time the last counts."""
    finite = np.isfinite(values)
    times, values = times[finite], values[finite]
    unique, newest = np.unique(times[::-1], return_index=True)
    return Track(series, unique, values[::-1][newest])


def _why_nothing(plan: Plan, tally: Tally) -> str:
    found = f"{tally.samples} samples before it" if tally.samples else "no samples before it either"
    return (
        f"nothing was measured in the window: {found}, {len(plan.aliases)} known entities, {tally.strangers} series "
        "of unknown ones; expected the VictoriaMetrics that the mediator of the same cluster writes to"
    )
