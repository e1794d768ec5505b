"""Saying once what is wrong, and once that it is well again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger


@define
class Noting:
    """What was said last of each thing."""

    _logger: FilteringBoundLogger
    _said: dict[str, str] = field(factory=dict, init=False)

    def note(self, about: str, problem: str) -> None:
        """Tell ``problem``, empty when all is well, unless it was told.

        What is after its first colon does not make it another: servers put request ids and times there.
        """
        kind = problem.partition(":")[0]
        if kind == self._said.get(about, ""):
            return
        self._said[about] = kind
        if problem:
            self._logger.warning("a source tells less than it should", source=about, reason=problem)
        else:
            self._logger.info("a source is complete again", source=about)
