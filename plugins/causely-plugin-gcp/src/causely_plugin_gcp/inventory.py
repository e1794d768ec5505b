"""Cloud Asset Inventory: all resources of a project, a thousand a request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import requests
from google.auth.exceptions import GoogleAuthError

from causely_core.polling import PollError, TokenBucket
from causely_plugin_gcp.identity import Identity, refused
from causely_plugin_gcp.refusal import Throttled, of_http

if TYPE_CHECKING:
    from causely_plugin_gcp.config import GcpConfig
    from causely_plugin_gcp.tally import Tally

PAGE = 1000
"""Resources of one answer, the most that there may be."""

_FIELDS = "nextPageToken,assets(name,assetType,ancestors,resource(location,data))"


class Inventory:
    """Asks page by page, in threads of the plugin's own."""

    def __init__(self, config: GcpConfig, identity: Identity, threads: ThreadPoolExecutor, tally: Tally) -> None:
        """Prepare; nothing is sent before something is asked."""
        self._config, self._identity, self._threads, self._tally = config, identity, threads, tally
        self._bucket = TokenBucket(config.asset_requests / 60.0, max(config.asset_requests / 6.0, 1.0))
        self._session: requests.Session | None = None

    async def pages(self, project: str, types: Sequence[str]) -> AsyncIterator[list[Any]]:
        """The resources of these asset types, page by page, as the API writes them.

        Raises:
            PollError: the next page cannot be had.
        """
        token = ""
        while True:
            await self._bucket.take()
            answer = await self._page(project, types, token)
            yield list(answer.get("assets") or ())
            if not (token := str(answer.get("nextPageToken") or "")):
                return

    def close(self) -> None:
        """End the connections; they are made anew when they are needed again."""
        if self._session is not None:
            self._session.close()
            self._session = None

    async def _page(self, project: str, types: Sequence[str], token: str) -> dict[str, Any]:
        wanted: dict[str, Any] = {
            "contentType": "RESOURCE",
            "assetTypes": list(types),
            "pageSize": PAGE,
            "pageToken": token or None,
            "fields": _FIELDS,
        }
        url = f"{self._config.endpoint('cloudasset')}/v1/projects/{project}/assets"
        with self._tally.request("cloudasset"):
            try:
                return await asyncio.get_running_loop().run_in_executor(self._threads, self._get, url, wanted)
            except Throttled:
                self._bucket.empty()
                raise

    def _get(self, url: str, wanted: dict[str, Any]) -> dict[str, Any]:
        timeout = self._config.timeout
        try:
            if self._session is None:
                self._session = self._identity.session()
            response = self._session.get(url, params=wanted, timeout=timeout)
            if response.status_code != 200:
                raise of_http(response)
            answer = response.json()
        except GoogleAuthError as problem:
            raise refused(problem) from problem
        except requests.JSONDecodeError as problem:
            raise PollError("the answer is not JSON; is it an endpoint of Cloud Asset Inventory?") from problem
        except requests.Timeout as problem:
            raise PollError(f"no answer within {timeout:g} s") from problem
        except requests.RequestException as problem:
            raise PollError(f"cannot be asked: {type(problem).__name__}") from problem
        return answer if isinstance(answer, dict) else {}
