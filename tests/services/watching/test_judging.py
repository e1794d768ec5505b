"""Judging: thresholds set by people, what is watched, and isolation of detectors."""

import structlog
from attrs import field, frozen

from causely_core.detection.builtin import builtin_detectors
from causely_core.detection.windows import WindowBuffer
from causely_core.isolation import Unit, UnitState
from causely_core.model import Entity, ManualClock, ObservationBatch, Series, SymptomKey
from causely_core.services.watching.config import ManualThreshold
from causely_core.services.watching.judging import Judge, manual_thresholds

CART = Entity.of("Service", "shop/cart", attributes={"team": "blue"})
ORDERS = Entity.of("Service", "shop/orders", attributes={"team": "red"})
ENTITIES = {entity.id: entity for entity in (CART, ORDERS)}


@frozen
class Crashing:
    name: str = "crashing"
    attributes: tuple[str, ...] = ("cpu_utilization",)
    symptoms: dict[str, str] = field(factory=lambda: {"CPUUtilization_High": "cpu_utilization"})

    def detect(self, window):
        raise RuntimeError("boom")


def judge(detectors, thresholds=()):
    clock = ManualClock(1000.0)
    units = [(Unit(f"t/{found.name}", "detector", clock, structlog.get_logger()), found) for found in detectors]
    return Judge(WindowBuffer(), units, list(thresholds), lambda: ENTITIES), clock


async def feed(subject, clock, value, samples):
    changed = []
    for _ in range(samples):
        now = clock.advance(2.0)
        batch = [(Series(CART.id, "cpu_utilization"), value)]
        subject.buffer.append(ObservationBatch.at(now, batch))
        changed += await subject.judge(now)
    return changed


def test_a_threshold_by_label_reaches_every_entity_that_has_it():
    by_label = ManualThreshold("RequestLatency_High", 0.5, labels={"team": "blue"})
    by_id = ManualThreshold("RequestLatency_High", 0.2, entity=ORDERS.id)
    assert manual_thresholds([by_label, by_id], ENTITIES) == {
        SymptomKey(CART.id, "RequestLatency_High"): 0.5,
        SymptomKey(ORDERS.id, "RequestLatency_High"): 0.2,
    }


def test_the_later_of_two_thresholds_wins():
    first = ManualThreshold("RequestLatency_High", 0.5, labels={"team": "blue"})
    second = ManualThreshold("RequestLatency_High", 0.1, entity=CART.id)
    assert manual_thresholds([first, second], ENTITIES)[SymptomKey(CART.id, "RequestLatency_High")] == 0.1


async def test_a_symptom_begins_and_clears_once():
    subject, clock = judge(builtin_detectors())
    began = await feed(subject, clock, 0.99, 6)
    assert [(symptom.name, symptom.active) for symptom in began] == [("CPUUtilization_High", True)]
    cleared = await feed(subject, clock, 0.1, 8)
    assert [symptom.name for symptom in cleared if not symptom.active] == ["CPUUtilization_High"]
    assert not subject.active


async def test_a_manual_threshold_is_obeyed():
    lenient = ManualThreshold("CPUUtilization_High", 2.0, entity=CART.id)
    subject, clock = judge(builtin_detectors(), [lenient])
    assert await feed(subject, clock, 0.99, 6) == []


async def test_a_crashing_detector_spoils_no_other():
    subject, clock = judge([Crashing(), *builtin_detectors()])
    assert await feed(subject, clock, 0.99, 6)
    assert subject.detectors[0][0].state is UnitState.OPEN


async def test_what_has_samples_is_watched():
    subject, clock = judge(builtin_detectors())
    await feed(subject, clock, 0.1, 1)
    assert subject.watched() == {CART.id: "CPUUtilization_High"}


async def test_detectors_without_anything_to_look_at_are_left_alone():
    asked = []

    @frozen
    class Asking(Crashing):
        def detect(self, window):
            asked.append(self.name)
            return ()

    idle, busy = Asking("idle", ("memory_usage",), {"MemoryUsage_Growing": "memory_usage"}), Asking("busy")
    subject, clock = judge([idle, busy, Asking("own", ())])
    await feed(subject, clock, 0.5, 2)
    assert asked == ["busy", "own"] * 2
