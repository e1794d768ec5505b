"""How long it takes to find five thousand resources with the default settings, and how often AWS is asked.

Run it alone: ``python plugins/causely-plugin-aws/benchmarks/discovery.py``.
"""

import asyncio
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.front import Front, moto
from tests.watching import watched
from tests.world import REGION

from tests import crowd


async def measured(front: Front, folder: Path) -> float:
    """Seconds until all are told."""
    section = {"regions": [REGION], "endpoint_url": front.url, "services": crowd.SERVICES, "resolve": False}
    began = time.monotonic()
    async with watched(folder, section) as seen:
        await seen.until(lambda: len(seen.topology.entities) > crowd.ALL, 300)
    return time.monotonic() - began


def main() -> None:
    """Print seconds and calls."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    os.environ |= {"AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": "test"}
    server = moto()
    front = Front(server.get_host_and_port())
    front.answer = crowd.answer
    with tempfile.TemporaryDirectory() as folder:
        seconds = asyncio.run(measured(front, Path(folder)))
    made = Counter(call.operation for call in front.seen if call.operation != "GetMetricData")
    print(f"{crowd.ALL} resources in {seconds:.1f} s with {made.total()} calls: {dict(made)}")
    server.stop()


if __name__ == "__main__":
    main()
