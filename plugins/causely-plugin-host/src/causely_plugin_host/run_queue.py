"""Time that threads wait for a processor: runnable, and not running."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice

from causely_core.host import HostRoot, read
from causely_plugin_host.counters import Counters

_MOST_THREADS = 512
"""Of one instance of a service; each takes 7 us to read."""


def waiting_share(root: HostRoot, pids: Iterable[int], counters: Counters) -> float | None:
    """Share of time in which at least one thread of ``pids`` waited, which is what PSI calls ``some`` of a container.

    The kernel tells how long each thread has waited (second number of ``schedstat``), not when. So they are taken to
    wait independently of each other. None where the kernel does not tell, or told the first time.
    """
    idle, told = 1.0, False
    for thread, seconds in islice(_threads(root, pids), _MOST_THREADS):
        share = counters.rate(("waited", thread), seconds)
        if share is not None:
            idle, told = idle * (1.0 - min(share, 1.0)), True
    return 1.0 - idle if told else None


def _threads(root: HostRoot, pids: Iterable[int]) -> Iterator[tuple[str, float]]:
    """Threads and the seconds that they have waited since they began."""
    for pid in pids:
        folder = f"{root.proc}/{pid}/task"
        try:
            names = os.listdir(folder)  # noqa: PTH208 (Path takes longer, and there are many)
        except OSError:
            continue
        for name in names:
            numbers = read(f"{folder}/{name}/schedstat").split()
            if len(numbers) > 1 and numbers[1].isdigit():
                yield name, int(numbers[1]) / 1e9
