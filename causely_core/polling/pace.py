"""When a query is asked again that was not answered. Pure."""

from __future__ import annotations

from attrs import define, field

LONGEST = 300.0
"""Seconds after which, at the latest, is asked again."""


@define
class Pace:
    """The schedule of one query.

    Attributes:
        interval: seconds between rounds, in each of which it is asked while all is well.
        problem: why it was not answered; empty when it was.
    """

    interval: float
    problem: str = field(default="", init=False)
    _failures: int = field(default=0, init=False)
    _not_before: float = field(default=0.0, init=False)

    def due(self, now: float) -> bool:
        """Whether it is to be asked at ``now``."""
        return now >= self._not_before

    def answered(self) -> None:
        """All is well."""
        self.problem, self._failures, self._not_before = "", 0, 0.0

    def failed(self, problem: str, now: float, retry_after: float = 0.0) -> None:
        """It was not answered: the pause doubles each time, and is no shorter than the server wants."""
        self.problem = problem
        pause = self.interval * (2 ** min(self._failures, 10) - 0.5)  # half of the first round may have passed
        self._failures += 1
        self._not_before = now + min(max(pause, retry_after), LONGEST)
