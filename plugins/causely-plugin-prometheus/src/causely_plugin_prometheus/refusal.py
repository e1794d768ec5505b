"""What a server says when it refuses."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests

from causely_plugin_prometheus.errors import QueryError

_SHOWN = 200
"""Characters of the server's own words."""


def refusal(response: requests.Response) -> QueryError:
    """The error that an HTTP status of 400 or above means, in the server's words where it has some."""
    said = " ".join(_words(response).split())[:_SHOWN]
    return QueryError(f"HTTP {response.status_code}{': ' if said else ''}{said}", retry_after(response))


def retry_after(response: requests.Response) -> float:
    """Seconds that the header ``Retry-After`` asks for, given as such or as a date; zero without one."""
    header = response.headers.get("Retry-After", "").strip()
    if header.isdecimal():
        return float(header[:6])
    with suppress(ValueError, TypeError):
        when = parsedate_to_datetime(header)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max((when - datetime.now(UTC)).total_seconds(), 0.0)
    return 0.0


def _words(response: requests.Response) -> str:
    try:
        return str(response.json()["error"])
    except (requests.RequestException, LookupError, TypeError, ValueError):
        return str(response.reason or "")
