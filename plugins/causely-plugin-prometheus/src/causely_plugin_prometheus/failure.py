"""Why a server did not answer, in one line."""

from __future__ import annotations

import re

import requests
from urllib3.exceptions import ReadTimeoutError

from causely_plugin_prometheus.errors import QueryError

_WHOSE = re.compile(r"^(.*>|\w+Connection\(.*?\)): ")
"""The object that urllib3 begins its texts with."""


def failure(problem: Exception, timeout: float) -> QueryError:
    """What a chain of errors began with: requests' own texts show addresses of objects.

    Args:
        problem: what requests raised.
        timeout: seconds that the answer had.
    """
    cause = problem.args[0] if problem.args else None
    reason = getattr(cause, "reason", cause)
    if isinstance(problem, requests.Timeout) or isinstance(reason, ReadTimeoutError):
        return QueryError(f"no answer within {timeout:g} s")
    said = _WHOSE.sub("", str(reason if isinstance(reason, Exception) else problem))
    return QueryError(f"cannot be asked: {said or type(problem).__name__}")
