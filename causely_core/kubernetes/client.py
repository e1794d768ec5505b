"""Requests to the API server.

The official client reads whole answers into objects of its models, and needs a thread for each watch; here a page is
parsed as JSON, and a watch is a task.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx

from causely_core.kubernetes.access import Access
from causely_core.kubernetes.errors import ApiError

Parameters = Mapping[str, str | int]

_ACCEPT = {"Accept": "application/json"}


class Client:
    """Asks one API server; to be closed."""

    def __init__(self, access: Access, timeout: float = 30.0) -> None:
        """Ask as ``access`` says; ``timeout`` seconds are what a page may take to begin, or a connection."""
        self._access, self._timeout = access, timeout
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=4)
        self._http = httpx.AsyncClient(base_url=access.url, verify=access.tls(), timeout=timeout, limits=limits)

    async def get(self, path: str, parameters: Parameters) -> dict[str, Any]:
        """What the server answers.

        Raises:
            ApiError: it does not, or refuses.
        """
        try:
            answer = await self._http.get(path, params=dict(parameters), headers=self._headers())
        except httpx.HTTPError as problem:
            raise ApiError(f"GET {path}: {_reason(problem)}") from problem
        _demand(path, answer, answer.content)
        try:
            found: dict[str, Any] = answer.json()
        except ValueError as problem:
            raise ApiError(f"GET {path}: expected JSON, found {answer.text[:40]!r}") from problem
        return found

    @asynccontextmanager
    async def lines(self, path: str, parameters: Parameters, silence: float) -> AsyncIterator[AsyncIterator[bytes]]:
        """An answer that goes on, line by line; ``silence`` seconds without one end it.

        Raises:
            ApiError: there is none, it refuses, or it breaks off.
        """
        timeout = httpx.Timeout(self._timeout, read=silence)
        try:
            headers = self._headers()
            async with self._http.stream(
                "GET", path, params=dict(parameters), headers=headers, timeout=timeout
            ) as answer:
                if answer.is_error:
                    _demand(path, answer, await answer.aread())
                yield _lines(answer)
        except httpx.HTTPError as problem:
            raise ApiError(f"GET {path}: {_reason(problem)}") from problem

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    def _headers(self) -> dict[str, str]:
        return {**_ACCEPT, **self._access.headers()}


async def _lines(answer: httpx.Response) -> AsyncIterator[bytes]:
    """Not httpx's own, which decodes text and splits at more than line feeds; silence ends them."""
    begun: list[bytes] = []
    with suppress(httpx.ReadTimeout):
        async for chunk in answer.aiter_bytes():
            first, *others = chunk.split(b"\n")
            begun.append(first)
            for other in others:
                yield b"".join(begun)
                begun = [other]


def _demand(path: str, answer: httpx.Response, body: bytes) -> None:
    if answer.is_error:
        try:
            said = str(json.loads(body).get("message", ""))
        except (ValueError, AttributeError):
            said = ""
        retry = answer.headers.get("Retry-After", "")
        message = f"GET {path}: {said or answer.reason_phrase} ({answer.status_code})"
        raise ApiError(message, answer.status_code, float(retry) if retry.isdecimal() else 0.0)


def _reason(problem: httpx.HTTPError) -> str:
    return f"{type(problem).__name__} {problem}".strip()
