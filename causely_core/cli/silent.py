"""What stands for a logger and for a meter where nobody would read what they say."""

from __future__ import annotations

from collections.abc import Callable


class Silent:
    """Has every method; none does anything, each returns this.

    The real ones take a sixth of a second to import, longer than most commands that only ask plugins what they bring.
    """

    def __getattr__(self, name: str) -> Callable[..., Silent]:
        """A method that may be given anything."""
        return lambda *_, **__: self
