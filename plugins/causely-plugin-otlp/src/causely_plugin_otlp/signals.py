"""The three signals of OTLP, and what came of a request."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

from attrs import define, field


class Signal(StrEnum):
    """A signal, named as in the HTTP paths ``/v1/<signal>``."""

    TRACES = "traces"
    METRICS = "metrics"
    LOGS = "logs"


@define
class Outcome:
    """What came of one request.

    Attributes:
        accepted: spans, data points or log records taken.
        rejected: how many were not, by reason; the reasons are for people.
    """

    accepted: int = 0
    rejected: Counter[str] = field(factory=Counter)

    @property
    def message(self) -> str:
        """The reasons in one line, empty when nothing was rejected."""
        return "; ".join(f"{count} rejected: {reason}" for reason, count in sorted(self.rejected.items()))
