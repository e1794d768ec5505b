"""How much of the past is kept: no more than somebody looks at, and no less."""

from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from causely_core.detection.builtin import builtin_detectors
from causely_core.detection.depths import depths
from causely_core.detection.judge import judge
from causely_core.detection.windows import WindowBuffer
from causely_core.model import ObservationBatch, Series


@frozen
class Looking:
    """A detector, as far as this matters."""

    attributes: tuple[str, ...]
    depth: int = 0


@frozen
class LookingAtAll:
    """One that says nothing."""

    attributes: tuple[str, ...]


def test_the_deepest_look_decides_and_who_says_nothing_wants_all():
    found = depths([Looking(("a", "b"), 3), Looking(("b", "c"), 5), Looking(("c",), 4), LookingAtAll(("d", "a"))])
    assert found == {"b": 5, "c": 5}


def test_what_learns_wants_all():
    found = depths(builtin_detectors())
    assert found["not_ready"] == 3
    assert not {"request_duration.p95", "memory_usage", "backlog", "error_rate", "cpu_utilization"} & found.keys()


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.4, 0.6, 1.0]), st.sampled_from([2.0, 20.0])), max_size=40))
def test_what_is_not_kept_would_have_changed_nothing(samples):
    detectors = [detector for detector in builtin_detectors() if detector.name == "readiness"]
    whole, lean = WindowBuffer(), WindowBuffer(depths=depths(detectors))
    now, active = 1000.0, {}
    for value, pause in samples:
        now += pause
        for buffer in (whole, lean):
            buffer.append(ObservationBatch.at(now, [(Series("Pod:a", "not_ready"), value)]))
        shallow = judge(detectors, lean, now, active, {}, {})
        # As text, for what was not learned is not a number, which equals nothing.
        assert str(shallow) == str(judge(detectors, whole, now, active, {}, {}))
        active = shallow.active
