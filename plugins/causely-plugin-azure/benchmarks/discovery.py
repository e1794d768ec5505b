"""How long it takes to discover many resources and to read their metrics, and in how many requests.

    python plugins/causely-plugin-azure/benchmarks/discovery.py [RESOURCES]

Azure is the one of the tests, in the same process: its time is in it.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))


async def main(number: int) -> None:
    """Fill an Azure, and watch the plugin."""
    azure_module, many, resources, watching = (
        importlib.import_module(f"tests.{name}") for name in ("azure", "many", "resources", "watching")
    )
    folder = Path(tempfile.mkdtemp())
    azure = azure_module.Azure(folder)
    await azure.start()
    entities = many.fill(azure, number)
    section = azure.section(resources.ONE, resources.TWO, resources_interval=3000, values_interval=3000, told_every=1.0)
    began = time.monotonic()
    async with watching.watched(folder, section) as found:
        await found.until(lambda: len(found.ids) >= entities, 300)
        print(f"{entities} entities after {time.monotonic() - began:.1f} s")
        calls = -1
        while calls != azure.calls["metrics"]:
            calls = azure.calls["metrics"]
            await asyncio.sleep(2.0)
        print(f"{len(found.values)} values of {len({id for id, _ in found.values})} entities")
        print(dict(sorted(azure.calls.items())))
    await azure.stop()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000))
