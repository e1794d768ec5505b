"""What Google's servers say when they refuse. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from google.rpc.error_details_pb2 import RetryInfo

from causely_core.polling import PollError
from causely_plugin_gcp.errors import Throttled

if TYPE_CHECKING:
    import requests
    from google.api_core.exceptions import GoogleAPICallError

_SECONDS = re.compile(r"(\d+(?:\.\d+)?)s?")
TOO_MANY = "RESOURCE_EXHAUSTED"
"""The code of a request too many."""


def of_http(response: requests.Response) -> PollError:
    """Of an answer over HTTP whose status is an error."""
    try:
        said = response.json()["error"]
        code, details = str(said.get("status") or response.status_code), said.get("details") or ()
    except (ValueError, LookupError, TypeError, AttributeError):
        code, details = str(response.status_code), ()
    pause = _seconds(response.headers.get("Retry-After")) or _http_pause(details)
    return _refusal(TOO_MANY if response.status_code == 429 else code, pause)


def of_grpc(problem: GoogleAPICallError) -> PollError:
    """Of an error of a call over gRPC."""
    code = getattr(problem.grpc_status_code, "name", "") or type(problem).__name__
    pauses = [each.retry_delay.ToTimedelta().total_seconds() for each in problem.details if isinstance(each, RetryInfo)]
    return _refusal(code, max(pauses, default=0.0))


def _refusal(code: str, pause: float) -> PollError:
    if code == TOO_MANY:
        return Throttled(f"refused as one request too many ({code})", pause)
    return PollError(f"refused with {code}", pause)


def _http_pause(details: Iterable[Mapping[str, Any]]) -> float:
    delays = (each.get("retryDelay") for each in details if str(each.get("@type", "")).endswith("RetryInfo"))
    return max((_seconds(delay) for delay in delays), default=0.0)


def _seconds(value: object) -> float:
    found = _SECONDS.fullmatch(str(value or ""))
    return float(found[1]) if found else 0.0
