"""How long many resources take, and how many requests. Prints figures.

    python benchmarks/discovery.py [--resources 5000]

A Google Cloud of this machine's own answers, in the same process, so that its time is part of what is told.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.crowd import fill
from tests.google_cloud import GoogleCloud
from tests.watching import watched


async def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--resources", type=int, default=5000)
    wanted = parser.parse_args().resources
    cloud = GoogleCloud().start()
    fill(cloud, wanted)
    try:
        with TemporaryDirectory() as folder:
            await measure(cloud, Path(folder), wanted)
    finally:
        cloud.stop()


async def measure(cloud: GoogleCloud, folder: Path, wanted: int) -> None:
    """Print how long it takes until all is known, and what it costs."""
    start, lag = time.monotonic(), [0.0]
    section = cloud.section(folder, interval=60.0, resources_interval=300.0)
    async with watched(folder, section) as found, lagging(lag):
        await found.until(lambda: len(found.topology.entities) == wanted, 600.0)
        print(f"resources: {wanted} in {time.monotonic() - start:.1f} s, {cloud.asked['cloudasset']} requests")
        await found.until(lambda: len(found.values) == 3 * wanted // 5, 600.0)
        print(
            f"values: {len(found.values)} after {time.monotonic() - start:.1f} s, {cloud.asked['monitoring']} requests"
        )
    print(f"longest time in which nothing else ran: {lag[0]:.2f} s")
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB, with the server's")


@asynccontextmanager
async def lagging(lag: list[float]) -> AsyncIterator[None]:
    """Put the longest delay of the event loop into ``lag``."""

    async def look() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            lag[0] = max(lag[0], time.monotonic() - before - 0.01)

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()


asyncio.run(main())
