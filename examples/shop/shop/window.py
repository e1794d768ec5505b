"""What users saw in the last ten seconds."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

SECONDS = 10.0


class Window:
    """Answers by route, each with its time, its duration in seconds and whether it was a good one."""

    def __init__(self) -> None:
        self._answers: deque[tuple[float, str, float, bool]] = deque()
        self._lock = threading.Lock()

    def add(self, route: str, seconds: float, *, ok: bool) -> None:
        """Remember an answer that came now."""
        with self._lock:
            self._answers.append((time.monotonic(), route, seconds, ok))
            self._forget()

    def report(self) -> dict[str, Any]:
        """Return count, errors, p50 and p95 (milliseconds), over all and by route."""
        with self._lock:
            self._forget()
            answers = list(self._answers)
        routes = sorted({route for _, route, _, _ in answers})
        by_route = {name: summary([a for a in answers if a[1] == name]) for name in routes}
        return {"window_seconds": SECONDS, **summary(answers), "routes": by_route}

    def _forget(self) -> None:
        while self._answers and self._answers[0][0] < time.monotonic() - SECONDS:
            self._answers.popleft()


def summary(answers: Sequence[tuple[float, str, float, bool]]) -> dict[str, Any]:
    """Return the figures of some answers."""
    seconds = sorted(seconds for _, _, seconds, _ in answers)
    return {
        "count": len(answers),
        "errors": sum(not ok for _, _, _, ok in answers),
        "p50_ms": milliseconds(seconds, 0.50),
        "p95_ms": milliseconds(seconds, 0.95),
    }


def milliseconds(ordered: Sequence[float], quantile: float) -> float | None:
    """Return a quantile of ordered durations in seconds, as milliseconds; None without any."""
    if not ordered:
        return None
    return round(1000 * ordered[min(len(ordered) - 1, int(quantile * len(ordered)))], 1)
