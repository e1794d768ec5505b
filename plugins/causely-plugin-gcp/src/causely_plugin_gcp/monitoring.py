"""Cloud Monitoring: one metric of all resources of a project, with Google's own client."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import grpc
from attrs import frozen
from google.api_core.exceptions import GoogleAPICallError, NotFound, Unauthenticated
from google.cloud import monitoring_v3
from google.cloud.monitoring_v3.services.metric_service.transports import MetricServiceGrpcAsyncIOTransport

from causely_core.polling import TokenBucket
from causely_plugin_gcp.errors import Throttled
from causely_plugin_gcp.identity import Identity
from causely_plugin_gcp.points import TimeSeries
from causely_plugin_gcp.refusal import of_grpc

if TYPE_CHECKING:
    from causely_plugin_gcp.config import GcpConfig
    from causely_plugin_gcp.metric import Metric
    from causely_plugin_gcp.tally import Tally

T = TypeVar("T")

PERIOD = 60
"""Seconds that the points of one series are aligned to: most metrics of Google have one point a minute."""

PAGE = 100_000
"""Points of one answer, the most that there may be."""

_PAGES = 10
"""Pages of one metric that are read at most."""

_BYTES = 128 * 2**20
"""Of one answer at most; gRPC's own limit of 4 MiB is less than a page may have."""


@frozen
class Answer:
    """Series of one metric.

    Attributes:
        series: as the API tells them.
        missing: why there may be more; empty when these are all.
    """

    series: list[TimeSeries]
    missing: str = ""


class Monitoring:
    """Asks for time series."""

    def __init__(self, config: GcpConfig, identity: Identity, threads: ThreadPoolExecutor, tally: Tally) -> None:
        """Prepare; nothing is sent before something is asked."""
        self._config, self._identity, self._threads, self._tally = config, identity, threads, tally
        self._bucket = TokenBucket(config.monitoring_requests / 60.0, max(config.monitoring_requests / 6.0, 1.0))
        self._url, self._places = config.endpoint("monitoring"), asyncio.Semaphore(config.concurrency)
        self._client: monitoring_v3.MetricServiceAsyncClient | None = None

    async def ask(self, project: str, metric: Metric, now: float) -> Answer:
        """The newest points of a metric in a project.

        Raises:
            PollError: there is no answer.
        """
        request = self._request(project, metric, now)
        found: list[TimeSeries] = []
        errors: list[str] = []
        for _ in range(_PAGES):
            page = await self._page(request)
            found += page.time_series
            errors += [str(each.message or each.code) for each in page.execution_errors]
            if not page.next_page_token:
                return Answer(found, f"part of it could not be read: {errors[0]}" if errors else "")
            request.page_token = page.next_page_token
        return Answer(found, f"more than {_PAGES * PAGE} points")

    async def close(self) -> None:
        """End the connection; it is made anew when it is needed again."""
        if self._client is not None:
            transport: Any = self._client.transport
            await transport.close()
            self._client = None

    def _request(self, project: str, metric: Metric, now: float) -> monitoring_v3.ListTimeSeriesRequest:
        end = math.floor(now / PERIOD) * PERIOD  # or each answer would cut minutes elsewhere
        return monitoring_v3.ListTimeSeriesRequest(
            name=f"projects/{project}",
            filter=metric.filter,
            interval={
                "end_time": {"seconds": end},
                "start_time": {"seconds": end - math.ceil(self._config.max_lateness / PERIOD) * PERIOD},
            },
            aggregation={
                "alignment_period": {"seconds": PERIOD},
                "per_series_aligner": metric.aligner,
                "cross_series_reducer": metric.reducer,
                "group_by_fields": metric.labels,
            },
            page_size=PAGE,
        )

    async def _page(self, request: monitoring_v3.ListTimeSeriesRequest) -> Any:
        headers = await self._headers()
        try:
            return await self._call(request, headers)
        except Unauthenticated:
            await self._in_thread(lambda: self._identity.renew(headers))
        try:
            return await self._call(request, await self._headers())
        except Unauthenticated as problem:
            raise of_grpc(problem) from problem

    async def _headers(self) -> dict[str, str]:
        return await self._in_thread(lambda: self._identity.headers(self._url))

    async def _call(self, request: monitoring_v3.ListTimeSeriesRequest, headers: dict[str, str]) -> Any:
        await self._bucket.take()
        async with self._places:
            with self._tally.request("monitoring"):
                try:
                    return await self._answer(request, headers)
                except NotFound:
                    # Nothing has ever been measured of this metric in this project.
                    return monitoring_v3.ListTimeSeriesResponse.pb(monitoring_v3.ListTimeSeriesResponse())
                except Unauthenticated:
                    raise
                except GoogleAPICallError as problem:
                    raise self._refusal(problem) from problem

    async def _answer(self, request: monitoring_v3.ListTimeSeriesRequest, headers: dict[str, str]) -> Any:
        pager = await self._connected().list_time_series(
            request=request,
            retry=None,
            timeout=self._config.timeout,
            metadata=tuple((name.lower(), value) for name, value in headers.items()),
        )
        pages: Any = pager.pages
        async with aclosing(pages):
            # The next one is asked for by ourselves, within the quota.
            return monitoring_v3.ListTimeSeriesResponse.pb(await anext(pages))

    def _refusal(self, problem: GoogleAPICallError) -> Exception:
        refusal = of_grpc(problem)
        if isinstance(refusal, Throttled):
            self._bucket.empty()
        return refusal

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    def _connected(self) -> monitoring_v3.MetricServiceAsyncClient:
        if self._client is None:
            transport = MetricServiceGrpcAsyncIOTransport(channel=self._channel())
            self._client = monitoring_v3.MetricServiceAsyncClient(transport=transport)
        return self._client

    def _channel(self) -> grpc.aio.Channel:
        """The tokens go with each request, so that who renews them is ours to say."""
        parts, options = urlsplit(self._url), [("grpc.max_receive_message_length", _BYTES)]
        where = f"{parts.hostname}:{parts.port or 443}"
        if parts.scheme == "http":
            return grpc.aio.insecure_channel(where, options)
        roots = self._config.ca_file.read_bytes() if self._config.ca_file else None
        return grpc.aio.secure_channel(where, grpc.ssl_channel_credentials(roots), options)
