"""The profile: which binary each service is busy in."""

from __future__ import annotations

from attrs import define, field

from causely_core.model import EntityId

_REMEMBERED = 60.0
"""Seconds after which what was found counts for half."""

_FEWEST = 20.0
"""Samples that a service has to have: at 19 Hz, a fiftieth of a processor."""

_AHEAD = 1.3
"""How much busier another binary has to be than the one that was told: two alike should not take turns."""


@define(eq=False)
class Profile:
    """Samples of services by binary, the latest counting most."""

    _samples: dict[EntityId, dict[str, float]] = field(factory=dict, init=False)
    _told: dict[EntityId, str] = field(factory=dict, init=False)

    def age(self, seconds: float) -> None:
        """Let what was found before count for less."""
        factor = 0.5 ** (seconds / _REMEMBERED)
        for service, counts in list(self._samples.items()):
            self._samples[service] = aged = {name: count * factor for name, count in counts.items()}
            if sum(aged.values()) < 1.0:
                del self._samples[service]
                self._told.pop(service, None)

    def add(self, service: EntityId, binary: str, samples: int) -> None:
        """A service was found so often in a binary."""
        counts = self._samples.setdefault(service, {})
        counts[binary] = counts.get(binary, 0.0) + samples

    def hottest(self) -> dict[EntityId, str]:
        """The binary that each service is busiest in, of those that are busy enough to tell."""
        for service, counts in self._samples.items():
            binary, told = max(counts, key=lambda name: counts[name]), self._told.get(service, "")
            if sum(counts.values()) >= _FEWEST and counts[binary] > _AHEAD * counts.get(told, 0.0):
                self._told[service] = binary
        return dict(self._told)
