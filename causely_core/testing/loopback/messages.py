"""What a client asks, and what it is answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from attrs import field, frozen
from httpx import Headers

Body: TypeAlias = "bytes | str | Mapping[str, Any] | list[Any]"
"""Bytes and text as they are; anything else as JSON."""


class HangUp(Exception):
    """The server closes the connection without an answer."""


@frozen
class Request:
    """What was asked.

    Attributes:
        at: when it had come whole, seconds of ``time.monotonic``.
        method: such as ``GET``.
        path: without the query, as it was written.
        query: what follows the question mark, as it was written; empty when there is none.
        headers: by their names in any case.
        body: empty when there is none.
    """

    at: float
    method: str
    path: str
    query: str
    headers: Headers
    body: bytes

    @property
    def target(self) -> str:
        """Path and query, as the request line had them."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Names and values of the query, in their order."""
        return parse_qsl(self.query, keep_blank_values=True)

    def json(self) -> Any:
        """The body, parsed; raises ValueError when it is not JSON."""
        return json.loads(self.body)


@frozen
class Answer:
    """What is answered.

    Attributes:
        body: in full.
        status: of HTTP.
        headers: ``Content-Length`` is told by itself, and ``Content-Type`` where the body is JSON.
        cut_after: bytes of the body after which the connection is closed, as if the server had crashed; none to send
            it whole.
    """

    body: bytes = b""
    status: int = 200
    headers: Headers = field(factory=Headers, converter=Headers)
    cut_after: int | None = None

    @classmethod
    def of(cls, body: Body, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
        """An answer with such a body."""
        if isinstance(body, bytes | str):
            return cls(body.encode() if isinstance(body, str) else body, status, Headers(headers))
        return cls(json.dumps(body).encode(), status, Headers({"Content-Type": "application/json", **(headers or {})}))
