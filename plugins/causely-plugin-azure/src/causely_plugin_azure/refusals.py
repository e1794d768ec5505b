"""What an error of Azure's libraries means, in one line."""

from __future__ import annotations

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
    ServiceResponseError,
)

from causely_core.polling import PollError

_LONGEST = 200
"""Characters of what Azure says that are shown."""
_MOST = 8192
"""Characters of it that are kept."""


class RefusedError(PollError):
    """Azure has not done what it was asked for.

    Attributes:
        status: of its answer; zero when there was none.
        said: what it says.
    """

    def __init__(self, problem: AzureError, retry_after: float) -> None:
        """Out of an error of Azure's libraries; ``retry_after`` is in seconds, zero when Azure says nothing."""
        self.status = (problem.status_code or 0) if isinstance(problem, HttpResponseError) else 0
        self.said = " ".join(str(problem.message)[:_MOST].split())
        # What differs from time to time is after the colon.
        super().__init__(f"{_kind(problem)}: {self.said[:_LONGEST]}", retry_after)


def _kind(problem: AzureError) -> str:
    if isinstance(problem, ClientAuthenticationError):
        return "Azure does not take the credential"
    if isinstance(problem, ServiceRequestError):
        return "Azure cannot be reached"
    if isinstance(problem, ServiceResponseError):
        return "Azure has broken off its answer"
    if isinstance(problem, HttpResponseError) and problem.status_code is not None:
        return _STATUS.get(problem.status_code, f"Azure answers {problem.status_code}")
    return "Azure does not answer"


_STATUS = {
    403: "the credential lacks a right (403), see the README",
    404: "Azure does not know what is asked for (404)",
    429: "Azure is asked too often (429)",
}
