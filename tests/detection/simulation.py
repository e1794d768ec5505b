"""A small world for detectors: one series at 2 s, judged after every sample."""

from __future__ import annotations

from attrs import define, field

from causely_core.detection import WindowBuffer, builtin_detectors, judge
from causely_core.model import EntityId, ObservationBatch, Series, Symptom, SymptomKey

STEP = 2.0
SHOP = EntityId("Service:default/shop")


@define
class Simulation:
    detectors: tuple = field(factory=builtin_detectors)
    entities: dict = field(factory=dict)
    manual: dict = field(factory=dict)
    buffer: WindowBuffer = field(factory=WindowBuffer)
    now: float = 1_000.0
    active: dict[SymptomKey, Symptom] = field(factory=dict)
    log: list[Symptom] = field(factory=list)

    def step(self, **values: float) -> list[Symptom]:
        """One interval in which ``SHOP`` measured ``values``; ``__`` stands for a dot."""
        return self.feed({Series(SHOP, name.replace("__", ".")): value for name, value in values.items()})

    def feed(self, values: dict[Series, float]) -> list[Symptom]:
        self.now += STEP
        self.buffer.append(ObservationBatch.at(self.now, values.items()))
        judged = judge(self.detectors, self.buffer, self.now, self.active, self.entities, self.manual)
        self.active = dict(judged.active)
        self.log.extend(judged.changes)
        return list(judged.changes)

    def run(self, steps: int, **values: float) -> list[Symptom]:
        return [change for _ in range(steps) for change in self.step(**values)]

    def seconds_until(self, name: str, active: bool = True, limit: int = 60, **values: float) -> float:
        """How long it takes until ``name`` is raised (or cleared) under constant ``values``."""
        start = self.now
        for _ in range(limit):
            self.step(**values)
            if (SymptomKey(SHOP, name) in self.active) is active:
                return self.now - start
        raise AssertionError(f"{name} did not become {'active' if active else 'clear'} in {limit} samples")
