"""A body that may be neither too large nor too slow."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import requests

from causely_plugin_prometheus.errors import QueryError


class BoundedBody:
    """Stands in for the body of a response of requests, which knows no bounds itself."""

    def __init__(self, raw: Any, most: int, until: float) -> None:
        """Bound a body.

        Args:
            raw: the body, ``response.raw``.
            most: bytes, after decompression.
            until: when it must be complete, on the monotonic clock: requests' own timeout is for each read.
        """
        self._raw, self._most, self._until = raw, most, until

    def stream(self, size: int, decode_content: bool = True) -> Iterator[bytes]:
        """The body in parts, each as soon as it is there: to wait for full ones would be to wait without end.

        Raises:
            QueryError: it is too large.
            requests.Timeout: it takes too long.
        """
        left = self._most
        while part := self._raw.read1(size, decode_content):
            left -= len(part)
            if left < 0:
                raise QueryError(f"the answer has more than {self._most} bytes; narrow the query, or raise max_series")
            if time.monotonic() > self._until:
                raise requests.Timeout
            yield part

    def __getattr__(self, name: str) -> Any:
        """Everything else is the body's own."""
        return getattr(self._raw, name)
