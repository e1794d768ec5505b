"""The contract of collectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import pytest

from causely_core.hookspecs import Collector
from causely_core.model import ManualClock, ObservationBatch, Series
from causely_core.testing.contracts.crossing import check_id
from causely_core.testing.contracts.stream import StreamContract
from causely_core.testing.contracts.streams import first, opened
from causely_core.testing.fix import fix, require
from causely_core.testing.words import known_attributes, require_known

HOUR = 3600.0


class CollectorContract(StreamContract):
    """Inherit it in a test class, and give it a fixture ``plugin``.

    Where the plugin brings several collectors, give a fixture ``collector`` too, made with ``context``. Where there is
    something to be observed first, let the fixture ``section`` depend on whatever makes it. Where it comes from a
    server, let that be the fixture ``upstream``: the plugin is then seen as well while the server refuses.

    Attributes:
        attributes: the observation attributes that are the plugin's own.
        addresses: whether ids may hold IP addresses.
        times_of_source: whether times come from what is observed and not from ``context.clock``.
        first_within: seconds within which the first batch comes.
    """

    hook = "causely_collectors"
    thing = "collector"
    attributes: ClassVar[tuple[str, ...]] = ()
    addresses: ClassVar[bool] = False
    times_of_source: ClassVar[bool] = False

    @pytest.fixture
    def collector(self, one: Any) -> Collector:
        """The collector that is tested."""
        collector: Collector = one
        return collector

    @pytest.fixture
    def open_stream(self, collector: Collector) -> Callable[[], Any]:
        """Begins to observe."""
        return collector.observe

    @pytest.mark.asyncio
    async def test_the_first_batch_is_well_formed(self, collector: Collector, clock: ManualClock) -> None:
        """Columns of one length, finite values, times of the clock, attributes that are known."""
        batch = await self._first(collector)
        lengths = {len(batch.series), len(batch.times), len(batch.values)}
        require(len(lengths) == 1, "the columns of a batch differ in length", "make it with ObservationBatch.of or .at")
        for series in set(batch.series):
            require_known(series.attribute, {*known_attributes(), *self.attributes}, "attribute", "attributes")
        self._check_rows(batch, clock.now())

    @pytest.mark.asyncio
    async def test_ids_hold_nothing_personal(self, collector: Collector) -> None:
        """No e-mail addresses, IP addresses or secrets in the ids of entities."""
        for series in set((await self._first(collector)).series):
            check_id(series.entity, self.addresses)

    async def _first(self, collector: Collector) -> ObservationBatch:
        async with opened(collector.observe) as stream:
            batch = await first(stream, self.first_within)
        if not isinstance(batch, ObservationBatch):
            fix(f"the stream yields a {type(batch).__name__}", "yield ObservationBatch")
        require(len(batch), "the first batch is empty", "give the test something to observe, in the fixture `section`")
        return batch

    def _check_rows(self, batch: ObservationBatch, now: float) -> None:
        for row in batch:
            told = _told(row.series)
            require(np.isfinite(row.value), f"{told} is {row.value}", "leave out rows without a finite value")
            require(
                self.times_of_source or abs(row.time - now) <= HOUR,
                f"{told} has the time {row.time:.0f} while the clock says {now:.0f}",
                "take it from context.clock.now(), or set `times_of_source = True`",
            )


def _told(series: Series) -> str:
    return f"{series.attribute} of {series.entity}"
