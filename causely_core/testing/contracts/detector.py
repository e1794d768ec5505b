"""The contract of symptom detectors."""

from __future__ import annotations

import re
import tracemalloc
from copy import deepcopy
from typing import Any, ClassVar

import pytest

from causely_core.hookspecs import SymptomDetector
from causely_core.model import ManualClock, Symptom, Window
from causely_core.testing.contracts.plugin import PluginContract
from causely_core.testing.contracts.sharing import attributes_of
from causely_core.testing.fix import fix, require
from causely_core.testing.windows import sealed, usual_windows, window_of

NAMED = re.compile(r"[A-Z][A-Za-z0-9]*_[A-Z][A-Za-z0-9]*")
PURE = "base the judgement on the window only: no clock, no random numbers, no state"
MANY = 200
"""Entities and windows that a detector is shown in search of memory that it keeps."""
KEPT = 64 * 1024
"""Bytes that a detector may keep after them: what it has compiled or made once."""
TIMES = 3
"""Times that this is measured: the least counts, as others in the process ask for memory, too."""


class DetectorContract(PluginContract):
    """Inherit it in a test class, and give it a fixture ``plugin``.

    Where the plugin brings several detectors, give it a fixture ``detector`` too, made with ``context``. Give a fixture
    ``windows`` with what the detector should judge, for the tests to go deeper than the usual shapes.
    """

    hook: ClassVar[str] = "causely_symptom_detectors"
    thing: ClassVar[str] = "detector"

    @pytest.fixture
    def detector(self, one: Any) -> SymptomDetector:
        """The detector that is tested."""
        detector: SymptomDetector = one
        return detector

    @pytest.fixture
    def windows(self, detector: SymptomDetector, clock: ManualClock) -> list[Window]:
        """What it is shown."""
        return usual_windows(detector.attributes, clock.now())

    def test_it_declares_what_it_judges(self, detector: SymptomDetector) -> None:
        """Every symptom has an attribute that the detector sees, and a name of the usual form."""
        require(
            detector.symptoms, f"{detector.name} declares no symptoms", "name them in `symptoms` with their attribute"
        )
        for name, attribute in detector.symptoms.items():
            require(
                NAMED.fullmatch(name), f"symptom {name!r} is named otherwise", "name it <What>_<How>, as Latency_High"
            )
            require(
                attribute in detector.attributes,
                f"{name} is shown by {attribute!r}, which the detector does not ask for",
                "add it to `attributes`",
            )

    def test_it_is_pure(self, detector: SymptomDetector, windows: list[Window]) -> None:
        """The same window gets the same answer, and neither window nor detector changes."""
        before = _state(detector)
        for window in windows:
            judged = self._judge(detector, window)
            # By their texts: where nothing was learned yet numbers are NaN, which equals nothing.
            same = repr(judged) == repr(self._judge(detector, window))
            require(same, "the same window is judged differently", PURE)
        require(repr(before) == repr(_state(detector)), f"{detector.name} changes while it judges", PURE)

    def test_symptoms_are_well_formed(self, detector: SymptomDetector, windows: list[Window]) -> None:
        """Declared, of entities in the window, judged now, with a severity of 0 to 1."""
        for window in windows:
            for symptom in self._judge(detector, window):
                _check(symptom, detector, window)

    def test_what_is_active_can_clear(self, detector: SymptomDetector, windows: list[Window]) -> None:
        """A symptom is told again as long as it lasts, with the onset that it had."""
        for window in windows:
            active = {each.key: each for each in self._judge(detector, window) if each.active}
            later = Window(window.now, window.attributes, active, window.entities, window.manual)
            for symptom in self._judge(detector, later):
                require(
                    symptom.key not in active or symptom.onset == active[symptom.key].onset,
                    f"{symptom.name} begins anew while it lasts",
                    "keep the onset of window.active[symptom.key]",
                )

    def test_it_keeps_no_memory(self, detector: SymptomDetector, clock: ManualClock) -> None:
        """However many entities come and go."""
        self._show_many(detector, clock, 0)
        tracemalloc.start()
        try:
            kept = min(self._kept(detector, clock, round) for round in range(1, 1 + TIMES))
        finally:
            tracemalloc.stop()
        require(kept < KEPT, f"{detector.name} keeps {kept // 1024} KiB of windows that are gone", PURE)

    def _kept(self, detector: SymptomDetector, clock: ManualClock, round: int) -> int:
        before, _ = tracemalloc.get_traced_memory()
        self._show_many(detector, clock, round)
        return tracemalloc.get_traced_memory()[0] - before

    def _show_many(self, detector: SymptomDetector, clock: ManualClock, round: int) -> None:
        for number in range(MANY):
            ids = [f"Service:{round}-{number}-{each}" for each in range(10)]
            window = window_of(clock.now(), {name: {id: [0.5, 1e9] for id in ids} for name in detector.attributes})
            self._judge(detector, window)

    def _judge(self, detector: SymptomDetector, window: Window) -> list[Symptom]:
        try:
            return list(detector.detect(sealed(window)))
        except ValueError as problem:
            if "read-only" not in str(problem):
                raise
            fix(f"{detector.name} writes into its window", "work on a copy of the values")
        except Exception as problem:
            seen = ", ".join(sorted(window.attributes)) or "nothing"
            told = f"{type(problem).__name__}: {problem}"
            fix(f"{detector.name} raises {told} when it sees {seen}", "an attribute may be absent, a sample NaN")


def _check(symptom: Symptom, detector: SymptomDetector, window: Window) -> None:
    told = f"{symptom.name} of {symptom.entity}"
    declared = detector.symptoms.get(symptom.name)
    seen = {series.entity for columns in window.attributes.values() for series in columns.series}
    require(declared is not None, f"{told} is not declared", "add it to `symptoms` of the detector")
    require(symptom.attribute == declared, f"{told} has the attribute {symptom.attribute!r}", f"write {declared!r}")
    require(symptom.detector == detector.name, f"{told} names no detector", "set `detector=self.name`")
    require(0.0 <= symptom.severity <= 1.0, f"{told} has the severity {symptom.severity}", "keep it within 0 and 1")
    require(symptom.updated_at == window.now, f"{told} is not judged now", "set `updated_at=window.now`")
    require(symptom.onset <= window.now, f"{told} begins in the future", "begin at window.now at the latest")
    known = symptom.entity in seen or symptom.key in window.active
    require(known, f"{told} is of an entity that the window does not have", "judge only what the window has")


def _state(detector: SymptomDetector) -> Any:
    return deepcopy(attributes_of(detector))
