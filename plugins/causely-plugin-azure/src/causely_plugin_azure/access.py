"""The ways to Azure: its clients, within quotas and deadlines."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from azure.core.exceptions import AzureError, HttpResponseError

from causely_core.polling import PollError
from causely_core.polling.pace import LONGEST
from causely_plugin_azure.clients import Clients
from causely_plugin_azure.instruments import Instruments
from causely_plugin_azure.quotas import Buckets, retry_after, until_more
from causely_plugin_azure.refusals import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from causely_core.hookspecs import HookContext
    from causely_core.polling import TokenBucket

T = TypeVar("T")

_TRIES = 3
_TOO_MANY = 429
_LONGEST_WAIT = 30.0
"""Seconds that a request waits for its turn after a refusal; for longer, the whole look is put off."""


class Access:
    """Asks Azure for whoever has opened it; what is opened is closed with the last one.

    Attributes:
        clients: what to ask through, inside of :meth:`ask`.
        instruments: they count.
    """

    def __init__(self, context: HookContext) -> None:
        """Get ready; nothing is opened yet."""
        self.clients = Clients(context.config)
        self.instruments = Instruments(context.meter)
        self._timeout = context.config.timeout
        self._buckets = Buckets(context.config.metrics_per_second)
        self._users = 0

    async def __aenter__(self) -> Access:
        """Open it for one more."""
        self._users += 1
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it for one."""
        self._users -= 1
        if not self._users:
            await self.clients.close()

    async def ask(self, api: str, scope: str, send: Callable[[], Awaitable[T]]) -> T:
        """Send a request when it is its turn, and again when it was refused as too many.

        Args:
            api: whose quota it counts against: ``graph``, ``metrics``, ``arm`` or ``logs``.
            scope: the subscription, where the quota is one's.
            send: sends it.

        Raises:
            PollError: there is no answer.
        """
        bucket = self._buckets.of(api, scope)
        for _ in range(_TRIES - 1):
            await bucket.take()
            try:
                return await self._send(api, bucket, send)
            except PollError as problem:
                if not 0.0 < problem.retry_after <= _LONGEST_WAIT:
                    raise
        await bucket.take()
        return await self._send(api, bucket, send)

    def heard(self, api: str, headers: Mapping[str, str]) -> None:
        """An answer came with these headers, which may say that no more requests are left."""
        if wait := until_more(headers):
            self._buckets.of(api, "").pause(min(wait, LONGEST))

    async def _send(self, api: str, bucket: TokenBucket, send: Callable[[], Awaitable[T]]) -> T:
        began, result = time.monotonic(), "cancelled"
        try:
            async with asyncio.timeout(self._timeout):
                answer = await send()
            result = "ok"
            return answer
        except TimeoutError as problem:
            result = "timeout"
            raise PollError(f"no answer within {self._timeout:g} s") from problem
        except AzureError as problem:
            result = _result(problem)
            raise self._refused(api, bucket, problem) from problem
        finally:
            self.instruments.called(api, result, time.monotonic() - began)

    def _refused(self, api: str, bucket: TokenBucket, problem: AzureError) -> RefusedError:
        wait = retry_after(_headers(problem))
        if _status(problem) == _TOO_MANY:
            self.instruments.throttled(api)
            wait = wait or 1.0 / bucket.rate
        if wait:
            bucket.pause(min(wait, LONGEST))
        return RefusedError(problem, wait)


def _headers(problem: AzureError) -> Mapping[str, str]:
    response: Any = getattr(problem, "response", None)
    return {name.lower(): value for name, value in response.headers.items()} if response is not None else {}


def _status(problem: AzureError) -> int | None:
    return problem.status_code if isinstance(problem, HttpResponseError) else None


def _result(problem: AzureError) -> str:
    status = _status(problem)
    return type(problem).__name__ if status is None else str(status)
