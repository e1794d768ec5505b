"""How many bytes a sample takes once series are long, which those of a short run are not."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from capacity.attributes import Attributes
from capacity.installation import Installation
from capacity.processes import Processes
from capacity.readings import Readings, series_of
from capacity.series import held
from causely_core.timeseries.victoria_metrics import VictoriaMetricsStore

_SAMPLES = 3_600
_ENTITIES = 60
_FLUSH = 120.0


async def bytes_a_sample(of: Attributes, every: float) -> float:
    """Write a history of a few entities into a VictoriaMetrics of its own, let it merge, and look.

    Args:
        of: the series of each.
        every: seconds from one sample to the next.
    """
    with TemporaryDirectory() as folder, ExitStack() as stack:
        processes = Processes(Path(folder))
        processes.start_victoria_metrics(stack)
        readings = Readings(series_of(Installation.of(_ENTITIES).entities, of))
        await _write(processes.victoria_metrics, readings, every)
        found = await held(processes.victoria_metrics)
        return found.data / found.samples


async def _write(url: str, readings: Readings, every: float) -> None:
    store = VictoriaMetricsStore(url, "agent", max_pending=_SAMPLES * len(readings.series), flush=_FLUSH)
    begin = time.time() - every * _SAMPLES
    for number in range(_SAMPLES):
        await store.write(readings.at(begin + number * every))
    await store.aclose()
