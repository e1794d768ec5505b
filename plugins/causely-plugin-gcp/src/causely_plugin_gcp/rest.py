"""APIs of Google over HTTP, asked from threads of the plugin's own."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import requests
from google.auth.exceptions import GoogleAuthError

from causely_core.polling import PollError, TokenBucket
from causely_plugin_gcp.errors import Throttled
from causely_plugin_gcp.identity import Identity, refused
from causely_plugin_gcp.refusal import of_http

if TYPE_CHECKING:
    from causely_plugin_gcp.config import GcpConfig
    from causely_plugin_gcp.tally import Tally


class Rest:
    """One API, within its quota."""

    def __init__(
        self, api: str, minute: float, config: GcpConfig, identity: Identity, threads: ThreadPoolExecutor, tally: Tally
    ) -> None:
        """Prepare; nothing is sent before something is asked.

        Args:
            api: its name in the settings.
            minute: requests a minute at most; a sixth of them may be made at once.
            config: the settings.
            identity: who asks.
            threads: where it is waited.
            tally: counts.
        """
        self._api, self._config, self._identity, self._threads, self._tally = api, config, identity, threads, tally
        self._bucket = TokenBucket(minute / 60.0, max(minute / 6.0, 1.0))
        self._session: requests.Session | None = None

    async def ask(self, method: str, path: str, **what: Any) -> dict[str, Any]:
        """The answer to one request.

        Args:
            method: ``GET`` or ``POST``.
            path: below the API's address.
            what: ``params`` or ``json``, as requests takes them.

        Raises:
            PollError: there is no answer, or it is none that can be used.
        """
        await self._bucket.take()
        with self._tally.request(self._api):
            try:
                return await asyncio.get_running_loop().run_in_executor(
                    self._threads, lambda: self._ask(method, path, what)
                )
            except Throttled:
                self._bucket.empty()
                raise

    def close(self) -> None:
        """End the connections; they are made anew when they are needed again."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _ask(self, method: str, path: str, what: dict[str, Any]) -> dict[str, Any]:
        timeout = self._config.timeout
        try:
            if self._session is None:
                self._session = self._identity.session()
            response = self._session.request(method, self._config.endpoint(self._api) + path, timeout=timeout, **what)
            if response.status_code != 200:
                raise of_http(response)
            answer = response.json()
        except GoogleAuthError as problem:
            raise refused(problem) from problem
        except requests.JSONDecodeError as problem:
            raise PollError("the answer is not JSON; is it an endpoint of Google's?") from problem
        except requests.Timeout as problem:
            raise PollError(f"no answer within {timeout:g} s") from problem
        except requests.RequestException as problem:
            raise PollError(f"cannot be asked: {type(problem).__name__}") from problem
        return answer if isinstance(answer, dict) else {}
