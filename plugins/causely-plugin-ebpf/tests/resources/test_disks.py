"""Times of requests by device."""

import numpy as np
from causely_plugin_ebpf.resources.disks import Disks, values
from causely_plugin_ebpf.resources.durations import BUCKETS
from causely_plugin_ebpf.resources.tables import BUCKET, COUNT


def read(disks, *rows):
    """The counts of each device that is told of, by rows of major, minor, bucket and count."""
    keys = np.array([(major << 20 | minor, bucket) for major, minor, bucket, _ in rows], BUCKET)
    found = disks.counts(keys, np.array([(count,) for *_, count in rows], COUNT))
    return {device: {int(at): int(counts[at]) for at in np.flatnonzero(counts)} for device, counts in found.items()}


def test_only_what_came_since_the_last_time_counts():
    disks = Disks()
    assert read(disks, (8, 0, 80, 5)) == {"8:0": {80: 5}}
    assert read(disks, (8, 0, 80, 7), (8, 0, 90, 1), (259, 3, 80, 1)) == {"8:0": {80: 2, 90: 1}, "259:3": {80: 1}}
    assert read(disks, (8, 0, 80, 7)) == {"8:0": {}}


def test_what_the_kernel_has_forgotten_counts_anew():
    disks = Disks()
    read(disks, (8, 0, 80, 5))
    read(disks)
    assert read(disks, (8, 0, 80, 2)) == {"8:0": {80: 2}}


def test_a_disk_without_requests_has_no_times():
    assert values(np.zeros(BUCKETS, np.int64)) == {}


def test_times_are_seconds():
    counts = np.bincount([21 << 2] * 4, minlength=BUCKETS)  # from 2^21 ns on
    found = values(counts)
    assert set(found) == {"disk_io_duration.p50", "disk_io_duration.p95"}
    assert all(0.0020 < value < 0.0027 for value in found.values())
