"""Asking for one page of the kubelet's: again after each interval, and less often while it is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from attrs import define, field
from structlog.typing import FilteringBoundLogger

from causely_core.host import KubeletError

T = TypeVar("T")

LONGEST = 300.0
"""Seconds between two attempts, however often they have failed."""


@define
class Inquiry:
    """Asks, and tells a problem once for as long as it stays the same.

    Attributes:
        interval: seconds until the next attempt after the first failure; it doubles with each further one.
    """

    interval: float
    logger: FilteringBoundLogger
    _problem: str = field(default="", init=False)
    _pause: float = field(default=0.0, init=False)
    _asked: float = field(default=0.0, init=False)

    async def answer(self, now: float, ask: Callable[[], Awaitable[T]]) -> T | None:
        """The answer; none while the kubelet does not give one.

        Args:
            now: seconds.
            ask: asks the kubelet; raises :class:`~causely_core.host.KubeletError`.
        """
        # A moment early, for whoever comes at the same interval must not miss it by a hair.
        if 0 <= now - self._asked < 0.9 * self._pause:
            return None
        self._asked = now
        try:
            answer = await ask()
        except KubeletError as said:
            self._refused(str(said))
            return None
        self._problem, self._pause = "", 0.0
        return answer

    def _refused(self, problem: str) -> None:
        self._pause = min(2.0 * self._pause or self.interval, LONGEST)
        if problem != self._problem:
            self.logger.warning("the kubelet does not tell what is used", error=problem)
        self._problem = problem
