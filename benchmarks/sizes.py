"""What mediator, analyzer and VictoriaMetrics take for so many entities: memory, processor, disk. Prints figures.

    python benchmarks/sizes.py [--entities 1000 10000 50000 100000] [--seconds 120] [--every 15] [--traced 0.2]

The three are real processes of their own on loopback; VictoriaMetrics is Debian's. Simulated are those who speak to
them: agents tell the topology over the product's own link and write the series that agents write, all together from
this process and less often than real ones; a plugin in the mediator tells what the Kubernetes and OTLP plugins would,
as often as they do, without reading objects or spans. One in a hundred entities shows a symptom.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import structlog
from capacity.agents import Agent, agents
from capacity.attributes import OF_CONDITIONS, OF_HOSTS, OF_REQUESTS, SECONDS, Attributes
from capacity.footprint import Footprint
from capacity.history import bytes_a_sample
from capacity.installation import Installation
from capacity.processes import Processes
from capacity.series import held

from causely_core.model import EntityType

SIZES = (1_000, 10_000, 50_000, 100_000)
DAY = 86_400
GIB = 2**30
KNOWN_WITHIN = 120.0
HEAD = " MiB now      peak   CPU s"


async def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    wanted = _parser().parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    packed = {name: await bytes_a_sample(of, SECONDS[name]) for name, of in _kinds().items()}
    print("bytes a sample:", ", ".join(f"{size:.2f} of {name}" for name, size in packed.items()), flush=True)
    for size in wanted.entities:
        installation = Installation.of(size)
        print(f"\n{len(installation.entities):,} entities, {len(installation.relations):,} relations")
        _print_disk(installation, packed)
        with TemporaryDirectory() as folder:
            await measure(Processes(Path(folder), wanted.memory * 2**20), installation, wanted)


async def measure(processes: Processes, installation: Installation, wanted: argparse.Namespace) -> None:
    """One size."""
    manifestations = installation.symptoms()
    with processes.all(installation, wanted.traced):
        url, begun = processes.victoria_metrics, time.monotonic()
        async with agents(installation, processes.folder, processes.mediator, url, wanted.every) as told:
            print(f"known to the analyzer after {await _known(processes, len(installation.entities)) - begun:.0f} s")
            _print_footprints(processes, "loaded")
            for agent in told:
                await agent.tell(manifestations)
            await asyncio.sleep(wanted.seconds)
            await _print_series(processes, told)
            counts = (await _counts(processes)).items()
            print("analyzer knows", ", ".join(f"{count:,} {name}" for name, count in counts))
            _print_footprints(processes, f"after {time.monotonic() - begun:.0f} s")


async def _known(processes: Processes, entities: int) -> float:
    """When the analyzer knew all of them, or had enough time to."""
    with suppress(TimeoutError):
        async with asyncio.timeout(KNOWN_WITHIN):
            # Whoever finds them lies behind HTTP, which has no event to wait on.
            while (await _counts(processes))["entities"] < entities:  # noqa: ASYNC110
                await asyncio.sleep(0.5)
    return time.monotonic()


async def _counts(processes: Processes) -> dict[str, int]:
    async with httpx.AsyncClient(timeout=60.0) as client:
        counts: dict[str, int] = (await client.get(f"{processes.api}/status")).raise_for_status().json()["counts"]
    return counts


async def _print_series(processes: Processes, told: list[Agent]) -> None:
    found = await held(processes.victoria_metrics)
    each = found.data / max(1, found.samples)
    print(f"{found.series:,} series, {found.samples:,} samples; {found.data + found.index:,} bytes on disk", end="")
    print(f" ({found.index:,} of names, {each:.1f} a sample while series are short)")
    lost, pending = sum(a.store.stats.dropped for a in told), sum(a.store.stats.pending for a in told)
    print(f"agents' samples: {lost:,} dropped, {pending:,} pending", end="")
    print(f"; mediator had no room to judge {await _refused(processes):,} samples")


async def _refused(processes: Processes) -> int:
    """Samples that the mediator's windows had no room for."""
    async with httpx.AsyncClient(timeout=60.0) as client:
        text = (await client.get(f"{processes.admin}/metrics")).raise_for_status().text
    lines = [line for line in text.splitlines() if line.startswith("causely_series_refused_total")]
    return round(sum(float(line.rpartition(" ")[2]) for line in lines))


def _print_footprints(processes: Processes, when: str) -> None:
    print(f"{when:17}{HEAD}")
    for name, process in processes.running.items():
        print(f"{name:17}{Footprint.of(process)}", flush=True)


def _print_disk(installation: Installation, packed: dict[str, float]) -> None:
    """What a day of all series takes, every one with a sample as often as the plugins tell by default."""
    types = Counter(EntityType(each.type) for each in installation.entities)
    rates = {
        name: sum(types[type] * len(attributes) for type, attributes in of.items()) / SECONDS[name]
        for name, of in _kinds().items()
    }
    day = sum(rate * packed[name] for name, rate in rates.items()) * DAY / GIB
    told = ", ".join(f"{rate:,.0f} samples/s of {name}" for name, rate in rates.items())
    print(f"{told} would be {day:.1f} GiB a day")


def _kinds() -> dict[str, Attributes]:
    return {"hosts": OF_HOSTS, "requests": OF_REQUESTS, "conditions": OF_CONDITIONS}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--entities", nargs="*", type=int, default=SIZES)
    parser.add_argument("--seconds", type=float, default=120.0, help="after all is known")
    parser.add_argument("--every", type=float, default=15.0, help="seconds between agents' samples of a series")
    parser.add_argument("--traced", type=float, default=0.2, help="share of entities whose requests the mediator sees")
    parser.add_argument(
        "--memory", type=int, default=0, help="MiB for VictoriaMetrics' caches; its own choice by default"
    )
    return parser


if __name__ == "__main__":
    asyncio.run(main())
