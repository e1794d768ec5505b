"""What events and claims tell, and how long it holds."""

from datetime import UTC, datetime

import pytest
from causely_plugin_kubernetes.conditions.claims import claim
from causely_plugin_kubernetes.conditions.conditions import Conditions
from causely_plugin_kubernetes.conditions.events import event
from causely_plugin_kubernetes.conditions.told import Told, Value
from hypothesis import given
from hypothesis import strategies as st

from causely_core.model import Series

MAIN = "Container:shop/cart-1/main"
RATE, READY, MOUNTS = (
    Series(MAIN, "probe_failure_rate"),
    Series(MAIN, "not_ready"),
    Series("Pod:shop/cart-1", "volume_mount_failing"),
)


def time(at):
    return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")


def made(reason, count, latest, message="Liveness probe failed: refused", first=0.0, path="spec.containers{main}"):
    about = {"kind": "Pod", "namespace": "shop", "name": "cart-1", "fieldPath": path}
    metadata = {"namespace": "shop", "name": f"cart-1.{reason}"}
    times = {"firstTimestamp": time(first or latest), "lastTimestamp": time(latest)}
    return {
        "metadata": metadata,
        "involvedObject": about,
        "reason": reason,
        "message": message,
        "count": count,
        **times,
    }


def watched(ready=True):
    conditions = Conditions()
    unready = Value(READY, float(not ready))
    conditions.put("pods", Told("p", (Value(RATE, 0.0), unready, Value(MOUNTS, 0.0))), 0.0)
    return conditions


def test_probes_that_fail_show_and_pass():
    conditions = watched()
    for number in range(1, 4):
        conditions.put("events", event(made("Unhealthy", number, 1000.0 + 10 * number)), 1000.0 + 10 * number)
    assert [round(conditions.value(RATE, now), 2) for now in (1030.0, 1075.0, 1091.0)] == [1.0, 0.67, 0.0]
    assert conditions.restless(1031.0) == [RATE]


def test_a_container_that_is_not_ready_goes_on_to_fail_though_fewer_events_are_told():
    conditions = watched(ready=False)
    conditions.put("events", event(made("Unhealthy", 20, 1000.0, "Readiness probe failed", first=900.0)), 1000.0)
    conditions.put("events", event(made("Unhealthy", 22, 1020.0, "Readiness probe failed", first=900.0)), 1020.0)
    assert [conditions.value(RATE, now) for now in (1020.0, 1300.0)] == [1.0, 1.0]
    conditions.put("pods", Told("p", (Value(RATE, 0.0), Value(READY, 0.0))), 1301.0)
    assert conditions.value(RATE, 1301.0) == 0.0


def test_a_program_that_starts_may_not_be_ready_at_first():
    assert not event(made("Unhealthy", 2, 1020.0, "Readiness probe failed: refused", first=1000.0)).happened
    assert event(made("Unhealthy", 4, 1040.0, "Readiness probe failed: refused", first=1000.0)).happened
    assert not event(made("Unhealthy", 9, 1090.0, "Startup probe failed: refused", first=1000.0)).happened
    assert event(made("Unhealthy", 31, 1310.0, "Startup probe failed: refused", first=1000.0)).happened
    assert event(made("Unhealthy", 2, 1020.0, "Liveness probe failed: refused", first=1000.0)).happened


def test_volumes_that_cannot_be_mounted_are_the_pods():
    conditions = watched()
    conditions.put("events", event(made("FailedMount", 7, 1000.0, path="")), 1000.0)
    assert [conditions.value(MOUNTS, now) for now in (1000.0, 1179.0, 1181.0)] == [1.0, 1.0, 0.0]


def test_newer_events_tell_their_times_in_a_series():
    found = {**made("Unhealthy", 0, 1000.0), "count": None, "lastTimestamp": None, "firstTimestamp": None}
    found |= {"eventTime": time(900.0), "series": {"count": 5, "lastObservedTime": time(1000.0)}}
    (happened,) = event(found).happened
    assert (happened.latest, happened.total) == (1000.0, 5)


@pytest.mark.parametrize(
    "found",
    [
        made("BackOff", 3, 1000.0),
        made("Unhealthy", 3, 1000.0, path=""),
        {**made("Unhealthy", 3, 1000.0), "involvedObject": {"kind": "Node", "name": "n1"}},
        {"metadata": {"namespace": "shop", "name": "bare"}},
    ],
)
def test_other_events_tell_nothing(found):
    assert not event(found).happened


@given(st.lists(st.tuples(st.integers(1, 5), st.floats(1.0, 100.0)), max_size=20))
def test_a_rate_is_a_share_and_falls_to_nothing(steps):
    conditions, now, count = watched(), 1000.0, 0
    for more, pause in steps:
        now, count = now + pause, count + more
        conditions.put("events", event(made("Unhealthy", count, now)), now)
        assert 0.0 < conditions.value(RATE, now) <= 1.0
    assert conditions.value(RATE, now + 61.0) == 0.0


@pytest.mark.parametrize(
    ("phase", "asked", "waits"),
    [("Pending", True, 1), ("Pending", False, 0), ("Bound", True, 0), ("Lost", False, 1)],
)
def test_a_claim_waits_when_somebody_was_asked_to_make_its_volume(phase, asked, waits):
    annotations = {"volume.kubernetes.io/storage-provisioner": "csi.example"} if asked else {}
    about = {"namespace": "shop", "name": "data", "annotations": annotations, "creationTimestamp": time(1000.0)}
    (value,) = claim({"metadata": about, "status": {"phase": phase}}).values
    assert (value.series, value.value) == (Series("Disk:shop/data", "claim_pending"), waits)
    assert (value.patience, value.begun) == (60.0, 1000.0)
