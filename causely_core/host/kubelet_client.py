"""Asking the kubelet of this node over HTTPS."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
from attrs import frozen

from causely_core.errors import CauselyError
from causely_core.host.metric_lines import wanted_lines
from causely_core.kubernetes.service_account import FOLDER

T = TypeVar("T")

_RIGHTS = {"stats": "nodes/stats", "metrics": "nodes/metrics"}
"""What a service account has to be allowed to ``get``, by the first part of the path."""


class KubeletError(CauselyError):
    """The kubelet did not answer, or not what it was asked; one line with where and why."""


@frozen
class KubeletAccess:
    """How to reach the kubelet.

    Attributes:
        url: such as ``https://10.0.0.7:10250``.
        token: file with the service account's token, read anew each time for it is renewed.
        authority: file with the certificates to trust; empty trusts any, for kubelets that sign their own.
        timeout: seconds for one answer.
    """

    url: str
    token: str = f"{FOLDER}/token"
    authority: str = f"{FOLDER}/ca.crt"
    timeout: float = 5.0


@frozen
class KubeletClient:
    """Reads pages of the kubelet's; each call raises :class:`KubeletError` when it does not get what it asks for."""

    access: KubeletAccess

    async def json(self, path: str, parse: Callable[[Any], T]) -> T:
        """What ``parse`` makes of a JSON document; it may raise on one of another shape.

        Args:
            path: such as ``/stats/summary``.
            parse: takes the document.
        """
        with self._telling(path):
            async with self._get(path) as answer:
                text = await answer.aread()
            return await asyncio.to_thread(lambda: parse(json.loads(text)))

    async def metrics(self, path: str, names: Collection[str], parse: Callable[[str], T]) -> T:
        """What ``parse`` makes of some metrics of a page of Prometheus's text; of the others nothing is kept.

        Args:
            path: such as ``/metrics/cadvisor``.
            names: of the metrics.
            parse: takes their samples, one a line.
        """
        with self._telling(path):
            async with self._get(path) as answer:
                lines = await wanted_lines(answer.aiter_bytes(), names)
            return await asyncio.to_thread(lambda: parse(lines.decode()))

    @asynccontextmanager
    async def _get(self, path: str) -> AsyncIterator[httpx.Response]:
        authority = self.access.authority
        verify: ssl.SSLContext | bool = ssl.create_default_context(cafile=authority) if authority else False
        # Next door, compressing takes both sides longer than sending; and proxies of the environment are not for it.
        headers = {"Authorization": f"Bearer {self._token()}", "Accept-Encoding": "identity"}
        async with (
            httpx.AsyncClient(verify=verify, timeout=self.access.timeout, trust_env=False) as client,
            client.stream("GET", f"{self.access.url}{path}", headers=headers) as answer,
        ):
            answer.raise_for_status()
            yield answer

    def _token(self) -> str:
        return Path(self.access.token).read_text(encoding="utf-8").strip()

    @contextmanager
    def _telling(self, path: str) -> Iterator[None]:
        try:
            yield
        except (httpx.HTTPError, OSError, ValueError, LookupError, AttributeError, TypeError) as problem:
            line = f"kubelet {self.access.url}{path}: {self._why(path, problem)}"
            raise KubeletError(" ".join(line.split())) from problem

    def _why(self, path: str, problem: Exception) -> str:
        if not isinstance(problem, httpx.HTTPStatusError):
            return str(problem) or type(problem).__name__
        match problem.response.status_code:
            case 401:
                return f"HTTP 401, it does not accept the token of {self.access.token}"
            case 403:
                return f'HTTP 403, the account of {self.access.token} needs "get" on {_RIGHTS[path.split("/")[1]]}'
            case status:
                return f"HTTP {status}"
