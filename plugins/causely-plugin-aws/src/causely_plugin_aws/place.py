"""A region of an account: who is asked there, and for whom it counts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import define, field

from causely_plugin_aws.api import Api
from causely_plugin_aws.call import Call
from causely_plugin_aws.tags import tags_of

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from causely_core.polling import TokenBucket
    from causely_plugin_aws.config import AwsConfig
    from causely_plugin_aws.credentials import Credentials
    from causely_plugin_aws.instruments import Instruments

WHO = Call("sts", "get_caller_identity", "")
"""Needs no right ("AWS STS API Reference", GetCallerIdentity)."""


@define
class Place:
    """A region of an account.

    Attributes:
        name: for people: the role's account, if there is one, and the region.
    """

    name: str
    region: str
    _config: AwsConfig
    _credentials: Credentials
    _bucket: TokenBucket
    _instruments: Instruments
    _threads: Executor
    _api: Api | None = field(default=None, init=False)
    _tags: tuple[float, Mapping[str, Mapping[str, str]]] | None = field(default=None, init=False)
    _lock: asyncio.Lock = field(factory=asyncio.Lock, init=False)

    async def api(self) -> Api:
        """Who asks; the account's number is asked for first.

        Raises:
            PollError: AWS does not say who we are.
        """
        async with self._lock:
            if self._api is None:
                loop = asyncio.get_running_loop()  # which is not to wait for botocore's files
                partition = await loop.run_in_executor(self._threads, self._credentials.partition, self.region)
                nobody = self._of("", partition)
                self._api = self._of((await nobody.call(WHO))["Account"], nobody.partition)
        return self._api

    async def tags(self) -> Mapping[str, Mapping[str, str]]:
        """The tags of what is here, by ARN; asked for once for all services.

        Raises:
            PollError: they cannot be had.
        """
        api, now = await self.api(), asyncio.get_running_loop().time()
        async with self._lock:
            if self._tags is None or now - self._tags[0] > self._config.resources_interval / 2:
                self._tags = now, await tags_of(api, self._config.tags)
            return self._tags[1]

    def _of(self, account: str, partition: str) -> Api:
        return Api(account, self.region, partition, self._credentials, self._bucket, self._instruments, self._threads)
