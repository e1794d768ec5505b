"""The watch: all places and services that the settings name, for the collector and the discoverer together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from causely_core.polling import Look, Survey, TokenBucket
from causely_plugin_aws.credentials import Credentials
from causely_plugin_aws.finding import Finding
from causely_plugin_aws.instruments import Instruments
from causely_plugin_aws.place import Place
from causely_plugin_aws.services.registry import services

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_core.polling import Told
    from causely_plugin_aws.config import Account
    from causely_plugin_aws.resource import Resource

_BURST = 2.0
"""Seconds of the rate that an account may be asked at once."""

_RETRY = 15.0
"""Seconds after which what failed is asked again, the first time."""


class Watch:
    """Asks AWS what there is; how it is, the collector asks.

    Attributes:
        places: they.
        survey: what is there.
    """

    def __init__(self, context: HookContext) -> None:
        """Get ready; nobody is asked."""
        config = context.config
        self._context, self._lock = context, asyncio.Lock()
        self._threads = ThreadPoolExecutor(config.concurrency, "aws")
        self._credentials = [Credentials(config, account) for account in config.accounts]
        self.instruments = Instruments.of(context.meter)
        self.places = list(self._places())
        self._findings = [
            Finding(service, place, config) for place in self.places for service in services(config.services)
        ]
        looks = [Look(f"{each.place.name}/{each.service.name}", each.ask) for each in self._findings]
        interval = config.resources_interval
        self.survey = Survey(looks, context.logger, interval, config.stale_after, min(_RETRY, interval))

    async def look(self) -> Told:
        """What is there now, asked for if it is time; who comes meanwhile waits for the same."""
        async with self._lock:
            return await self.survey.round(self._context.clock.now())

    def resources(self, place: Place) -> Iterable[Resource]:
        """What is known at a place."""
        return (each for found in self._findings if found.place is place for each in found.resources.values())

    def close(self) -> None:
        """Ask nobody any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for each in self._credentials:
            each.forget()

    def _places(self) -> Iterable[Place]:
        config = self._context.config
        for account, credentials in zip(config.accounts, self._credentials, strict=True):
            rate = config.requests_per_second
            bucket = TokenBucket(rate, max(_BURST * rate, 1.0))
            for region in account.regions or config.regions:
                name = f"{_number(account)}{region}"
                yield Place(name, region, config, credentials, bucket, self.instruments, self._threads)


def _number(account: Account) -> str:
    return f"{account.role_arn.split(':')[4]}/" if account.role_arn else ""
