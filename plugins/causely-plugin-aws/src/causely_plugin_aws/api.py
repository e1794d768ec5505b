"""AWS's API, asked from the event loop within the quota of an account."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from causely_core.polling import PollError
from causely_plugin_aws.errors import CredentialsError, ThrottledError, meaning

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from causely_core.polling import TokenBucket
    from causely_plugin_aws.call import Call
    from causely_plugin_aws.credentials import Credentials
    from causely_plugin_aws.instruments import Instruments

_TRIES = 4
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 8.0
"""Seconds; doubled with each try, of which a random half is added, so that accounts do not try together."""


@frozen
class Api:
    """One account in one region.

    Attributes:
        account: its number.
        region: such as ``eu-west-1``.
        partition: ``aws``, or that of China or of governments.
    """

    account: str
    region: str
    partition: str
    _credentials: Credentials
    _bucket: TokenBucket
    _instruments: Instruments
    _threads: Executor

    def key(self, service: str, name: str) -> str:
        """The key of the entity of a resource."""
        return f"aws/{self.account}/{self.region}/{service}/{name}"

    async def call(self, call: Call, **parameters: Any) -> Mapping[str, Any]:
        """The answer to one call, which is tried again while the account is asked too often.

        Raises:
            PollError: there is none.
        """
        pause = _FIRST_PAUSE
        for _ in range(_TRIES - 1):
            try:
                return await self._answer(call, parameters)
            except CredentialsError:
                self._credentials.forget()
            except ThrottledError as problem:
                self._bucket.empty()
                if problem.retry_after > _LONGEST_PAUSE:
                    raise
                await asyncio.sleep(max(problem.retry_after, pause * random.uniform(1.0, 1.5)))
                pause = min(2.0 * pause, _LONGEST_PAUSE)
        return await self._answer(call, parameters)

    async def items(self, call: Call, **parameters: Any) -> AsyncIterator[Any]:
        """All that a call lists, page by page.

        Raises:
            PollError: a page is missing.
        """
        mark, next_mark = call.marks
        more: dict[str, Any] = {}
        while True:
            answer = await self.call(call, **parameters, **more)
            for item in answer.get(call.items, ()):
                yield item
            if not answer.get(next_mark):
                return
            more = {mark: answer[next_mark]}

    async def _answer(self, call: Call, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        await self._bucket.take()
        loop, began = asyncio.get_running_loop(), time.monotonic()
        try:
            answer: Mapping[str, Any] = await loop.run_in_executor(self._threads, self._ask, call, parameters)
        except PollError as problem:
            self._instruments.called(call, type(problem).__name__, time.monotonic() - began)
            raise
        self._instruments.called(call, "ok", time.monotonic() - began)
        return answer

    def _ask(self, call: Call, parameters: Mapping[str, Any]) -> Any:
        try:
            client = self._credentials.client(call.client, call.region or self.region)
            return getattr(client, call.method)(**parameters)
        except Exception as problem:
            raise meaning(problem) from None
