"""What goes wrong when a server is asked."""

from __future__ import annotations

from causely_core.errors import UnavailableError


class PollError(UnavailableError):
    """A server did not answer.

    Attributes:
        retry_after: seconds for which it wants not to be asked this again; zero when it says nothing.
    """

    def __init__(self, problem: str, retry_after: float = 0.0) -> None:
        """Say what the problem is, and how long the server wants to be left alone."""
        super().__init__(problem)
        self.retry_after = retry_after
