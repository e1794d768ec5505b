"""Which agents are away, and for how long."""

from __future__ import annotations

from collections.abc import Collection

from attrs import define, field


@define
class Attendance:
    """Notices agents that do not come back.

    Attributes:
        limit: seconds away after which an agent is taken to be gone.
    """

    limit: float
    _since: dict[str, float] = field(factory=dict, init=False)

    def gone(self, known: Collection[str], connected: Collection[str], now: float) -> list[str]:
        """Those of the agents ``known`` that have not been connected for longer than the limit, by name."""
        self._since = {name: self._since.get(name, now) for name in known if name not in connected}
        return sorted(name for name, since in self._since.items() if now - since > self.limit)
