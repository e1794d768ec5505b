"""Calls to another service over HTTP, with a CLIENT span each and connections that are kept."""

from __future__ import annotations

import json
from collections import deque
from http.client import HTTPConnection, HTTPException
from typing import Any

from opentelemetry.trace import SpanKind

from shop.errors import DownstreamFailure
from shop.ports import Address, url
from shop.telemetry import inject, span

TIMEOUT_SECONDS = 3.0


class HttpPeer:
    """Another service; `third_party` is its public name when it is not one of ours."""

    def __init__(self, name: str, address: Address, third_party: str | None = None) -> None:
        self._name, self._address = name, address
        self._extra = {"peer.service": third_party} if third_party else {}
        self._idle: deque[HTTPConnection] = deque()

    def get(self, path: str) -> Any:
        """Return the JSON at `path`; raise DownstreamFailure."""
        return self._call("GET", path, None)

    def post(self, path: str, **body: Any) -> Any:
        """Send a JSON object to `path` and return the answer; raise DownstreamFailure."""
        return self._call("POST", path, json.dumps(body))

    def _call(self, method: str, path: str, body: str | None) -> Any:
        with span(method, SpanKind.CLIENT, self._attributes(method, path)) as current:
            try:
                status, answer = self._exchange(method, path, body)
            except (OSError, HTTPException) as error:
                raise self._failed(error) from error
            current.set_attribute("http.response.status_code", status)
            if status >= 400:
                raise DownstreamFailure(self._name, str(status), answer.decode(errors="replace"))
            return json.loads(answer)

    def _exchange(self, method: str, path: str, body: str | None) -> tuple[int, bytes]:
        """Return status and body; the connection is kept only if all went well."""
        headers: dict[str, str] = {"Content-Type": "application/json"}
        inject(headers)
        connection = self._connection()
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            status, answer = response.status, response.read()
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return status, answer

    def _connection(self) -> HTTPConnection:
        try:
            return self._idle.pop()
        except IndexError:
            return HTTPConnection(*self._address, timeout=TIMEOUT_SECONDS)

    def _attributes(self, method: str, path: str) -> dict[str, Any]:
        return {
            "http.request.method": method,
            "url.full": url(self._address.port, path, self._address.host),
            "server.address": self._address.host,
            "server.port": self._address.port,
            **self._extra,
        }

    def _failed(self, error: Exception) -> DownstreamFailure:
        return DownstreamFailure(
            self._name, type(error).__name__, str(error), timed_out=isinstance(error, TimeoutError)
        )
