"""What can go wrong: a mapping that is written wrongly, and a query that is not answered."""

from __future__ import annotations

from causely_core.errors import ConfigError, UnavailableError


class MappingError(ConfigError):
    """A mapping is wrong: one line with file, line, what is wrong and what would be right."""


class QueryError(UnavailableError):
    """A query was not answered.

    Attributes:
        retry_after: seconds for which the server wants not to be asked this again; zero when it says nothing.
    """

    def __init__(self, problem: str, retry_after: float = 0.0) -> None:
        """Say what the problem is, and how long the server wants to be left alone."""
        super().__init__(problem)
        self.retry_after = retry_after
