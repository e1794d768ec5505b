"""VictoriaMetrics over HTTP: writes as Prometheus text, reads as exported JSON lines.

Text import was measured against ``/api/v1/import`` (JSON lines) with one sample a series, which is what
collectors give (known series, VictoriaMetrics 1.79): 3.7 against 4.6 us a sample to build and send, and 2.4
against 3.4 us of the server's time.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress

import httpx
import numpy as np
from numpy.typing import NDArray

from causely_core.errors import UnavailableError
from causely_core.model import EntityId, ObservationBatch, Series
from causely_core.timeseries.columns import Floats, joined, largest
from causely_core.timeseries.metric import selectors, series_of, text_labels
from causely_core.timeseries.store import StoreStats
from causely_core.timeseries.write_queue import WriteQueue

_SAMPLES_A_REQUEST = 20_000
_FEW_SAMPLES = 500  # half a millisecond
_BACKOFF_LIMIT = 30.0
_GZIP_LEVEL = 1  # a tenth of the size already; higher levels cost more time than they save
_MAX_NAMES = 500_000


class VictoriaMetricsStore:
    """Writes from a bounded queue in the background, keeping the newest while the server is away."""

    def __init__(
        self,
        url: str,
        writer: str = "",
        max_pending: int = 1_000_000,
        timeout: float = 10.0,
        backoff: float = 0.5,
        flush: float = 5.0,
        rest: float = 2.0,
        client: httpx.AsyncClient | None = None,
    ) -> None:
        """Connect lazily to the server at ``url``.

        Args:
            url: ``http://victoriametrics:8428``; a path is kept (VictoriaMetrics cluster).
            writer: label of all that is written, which tells it from what others write of the same entities.
            max_pending: samples that may wait to be written.
            timeout: seconds for one request.
            backoff: seconds to wait after the first failed write; doubles up to 30 s.
            flush: seconds that closing may take.
            rest: seconds after a request in which what comes is gathered, unless it is much or somebody reads.
            client: to use instead of an own one; it is closed with the store.
        """
        self.stats = StoreStats()
        self._url = url.rstrip("/")
        # Certificates of authorities take 3 MiB; redirects, to https or not, are not followed.
        encrypted = self._url.startswith("https:")
        self._client = client or httpx.AsyncClient(timeout=timeout, verify=encrypted)
        self._queue = WriteQueue(max_pending, self.stats)
        self._backoff = backoff
        self._flush, self._rest = flush, rest
        self._awaited = asyncio.Event()  # by who reads, or closes
        self._names: dict[Series, str] = {}
        self._label = writer
        self._writer: asyncio.Task[None] | None = None

    async def write(self, batch: ObservationBatch) -> None:
        """Queue the samples; what becomes of them shows in :attr:`stats`."""
        if len(batch):
            self._queue.put(batch)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_forever(), name="victoria-metrics-writer")

    async def read(
        self, entities: Collection[EntityId], attributes: Collection[str] | None, start: float, end: float
    ) -> ObservationBatch:
        """See :class:`~causely_core.timeseries.store.TimeSeriesStore`."""
        self._awaited.set()
        matches = selectors(entities, attributes)
        if not matches:
            return joined([])
        form = {"match[]": matches, "start": f"{start:.3f}", "end": f"{end:.3f}"}
        try:
            answer = await self._client.post(f"{self._url}/api/v1/export", data=form)
        except httpx.HTTPError as problem:
            raise UnavailableError(f"VictoriaMetrics at {self._url}: {_reason(problem)}") from problem
        if answer.is_error:
            raise UnavailableError(f"VictoriaMetrics at {self._url}: {_refusal(answer)}")
        return _exported(answer.text, attributes)

    async def aclose(self) -> None:
        """Write what is pending, then count what is left as dropped."""
        self._awaited.set()
        if self._writer is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._queue.drained(), self._flush)
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)
        self.stats.dropped += self.stats.pending
        self.stats.pending = 0
        await self._client.aclose()

    async def _write_forever(self) -> None:
        while True:
            batches = await self._queue.take(_SAMPLES_A_REQUEST)
            body = await self._body_of(batches)
            accepted = await self._deliver(body)
            size, good = self._queue.done(batches), sum(int(_finite(batch).sum()) for batch in batches)
            self.stats.written += good if accepted else 0
            self.stats.rejected += size - good if accepted else size
            await self._gather()

    async def _gather(self) -> None:
        """Let little become more: a request takes as long as thousands of samples."""
        if self.stats.pending < _SAMPLES_A_REQUEST:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._rest):
                    await self._awaited.wait()
        self._awaited.clear()

    async def _deliver(self, body: bytes) -> bool:
        """Send until the server takes it (true) or says that it never will (false)."""
        pause = self._backoff
        while True:
            try:
                answer = await self._send(body)
            except httpx.HTTPError as problem:
                self.stats.last_error = _reason(problem)
            else:
                self.stats.last_error = _refusal(answer) if answer.is_error else ""
                if not answer.is_error or (answer.is_client_error and answer.status_code != 429):
                    return not answer.is_error
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(2.0 * pause, _BACKOFF_LIMIT)

    async def _send(self, body: bytes) -> httpx.Response:
        headers = {"Content-Encoding": "gzip", "Content-Type": "text/plain"}
        return await self._client.post(f"{self._url}/api/v1/import/prometheus", content=body, headers=headers)

    async def _body_of(self, batches: list[ObservationBatch]) -> bytes:
        """In a thread, unless it is done before one would have begun."""
        if sum(map(len, batches)) < _FEW_SAMPLES:
            return self._body(batches)
        return await asyncio.to_thread(self._body, batches)

    def _body(self, batches: list[ObservationBatch]) -> bytes:
        lines = (line for batch in batches for line in self._lines(batch))
        return gzip.compress("".join(lines).encode("utf-8", "replace"), _GZIP_LEVEL)

    def _lines(self, batch: ObservationBatch) -> list[str]:
        if len(self._names) > _MAX_NAMES:
            self._names.clear()
        good = _finite(batch)
        millis = np.rint(np.where(good, batch.times, 0.0) * 1000.0).astype(np.int64).tolist()
        rows = zip(batch.series, batch.values.tolist(), millis, good.tolist(), strict=True)
        return [f"{self._name(series)} {value!r} {at}\n" for series, value, at, finite in rows if finite]

    def _name(self, series: Series) -> str:
        name = self._names.get(series)
        if name is None:
            name = self._names[series] = text_labels(series, self._label)
        return name


def _exported(text: str, attributes: Collection[str] | None) -> ObservationBatch:
    """The batch in an export's JSON lines, without attributes that only share a wanted one's metric name."""
    parts: dict[Series, list[tuple[Floats, Floats]]] = defaultdict(list)
    for line in filter(None, text.split("\n")):
        row = json.loads(line)
        series = series_of(row["metric"])
        if attributes is None or series.attribute in attributes:
            parts[series].append((np.array(row["timestamps"]) / 1000.0, np.array(row["values"], dtype=np.float64)))
    return joined((series, *largest(written)) for series, written in parts.items())


def _finite(batch: ObservationBatch) -> NDArray[np.bool_]:
    """Rows that the text format can hold."""
    return np.asarray(np.isfinite(batch.values) & np.isfinite(batch.times))


def _reason(problem: httpx.HTTPError) -> str:
    return f"{type(problem).__name__}: {problem}".rstrip(": ")


def _refusal(answer: httpx.Response) -> str:
    return f"HTTP {answer.status_code}: {' '.join(answer.text.split())[:200]}"
