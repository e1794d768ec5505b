"""What can become of a request to the Kubernetes API."""

from __future__ import annotations

import os

from causely_core.errors import CauselyError


class ApiError(CauselyError):
    """The API cannot be asked, or refuses; one line that says what was asked.

    Attributes:
        status: of HTTP; 0 when there was no answer.
        retry_after: seconds for which the server does not want to be asked again.
    """

    exit_code = os.EX_UNAVAILABLE

    def __init__(self, message: str, status: int = 0, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after

    @property
    def expired(self) -> bool:
        """Whether the server has forgotten the version that was asked for (410 Gone): to begin anew helps."""
        return self.status == 410

    @property
    def refused(self) -> bool:
        """Whether it may not be read (403), or does not exist (404): to ask again soon does not help."""
        return self.status in (403, 404)
