"""Print what reading the kubelet's pages costs on a full node: 250 pods, 500 containers; asserts nothing.

python benchmarks/kubelet.py [--rounds 5]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator

from causely_plugin_host.kubelet.cadvisor import FAULTS, METRICS, parse_page
from causely_plugin_host.kubelet.summary import parse_summary

from causely_core.host.metric_lines import wanted_lines

PODS, CONTAINERS = 250, 2
CHUNK = 1 << 16
NOW = 1_764_000_000.0
OTHERS = 24
"""Metrics of cAdvisor's that are not wanted."""


def lines() -> Iterator[str]:
    """The page of cAdvisor, metric by metric."""
    stamp = int(NOW * 1000)
    unwanted = [f"container_other_{number}_bytes_total" for number in range(OTHERS)]
    for name in sorted([*unwanted, *METRICS]):
        yield f"# HELP {name} What it is."
        yield f"# TYPE {name} counter"
        for pod in range(PODS):
            for container in range(CONTAINERS):
                part = 'failure_type="pgmajfault",' if name == FAULTS else ""
                yield f"{name}{{{_labels(pod, container, part)}}} 123.25 {stamp}"


def _labels(pod: int, container: int, part: str) -> str:
    id = f"{pod:032x}{container:032x}"
    slice = (
        f"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{pod:08x}_0000_4000_8000_000000000000.slice"
    )
    image = "registry.example.com/team/service@sha256:" + "0" * 64
    told = f'container="main-{container}",{part}id="{slice}/cri-containerd-{id}.scope",image="{image}",name="{id}",'
    return f'{told}namespace="shop-{pod % 20}",pod="service-{pod}-7d4b9c8f6d-x{pod:04d}"'


def summary() -> bytes:
    """The summary's document."""
    disk = {"time": "2026-01-01T00:00:00Z", "availableBytes": 9**11, "capacityBytes": 10**11, "usedBytes": 10**9}
    disk |= {"inodes": 10**7, "inodesFree": 9**7, "inodesUsed": 10**5}
    numbers = dict.fromkeys(("usageBytes", "workingSetBytes", "rssBytes", "pageFaults", "majorPageFaults"), 10**8)
    container = {"startTime": "2026-01-01T00:00:00Z", "cpu": {"usageNanoCores": 1, "usageCoreNanoSeconds": 10**12}}
    container |= {"memory": numbers, "rootfs": disk, "logs": disk}
    pods = [
        {
            "podRef": {"name": f"service-{pod}", "namespace": "shop", "uid": f"{pod:036x}"},
            "containers": [{"name": f"main-{each}"} | container for each in range(CONTAINERS)],
            "cpu": container["cpu"],
            "memory": numbers,
            "ephemeral-storage": disk,
            "volume": [{"name": f"volume-{each}"} | disk for each in range(3)],
        }
        for pod in range(PODS)
    ]
    return json.dumps({"node": {"fs": disk, "runtime": {"imageFs": disk}}, "pods": pods}).encode()


async def filtered(page: bytes) -> bytes:
    """The wanted lines of the page, as it comes off the network."""

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(page), CHUNK):
            yield page[start : start + CHUNK]

    return await wanted_lines(chunks(), METRICS)


def seconds(work: Callable[[], object], rounds: int) -> float:
    """Processor time of the fastest of so many rounds."""
    found = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    page, document = "".join(f"{line}\n" for line in lines()).encode(), summary()
    kept = asyncio.run(filtered(page)).decode()
    pods = {(f"shop-{pod % 20}", f"service-{pod}-7d4b9c8f6d-x{pod:04d}") for pod in range(PODS)}
    one = set(list(pods)[:1])
    rows = (
        ("/stats/summary, all of it", len(document), lambda: parse_summary(json.loads(document))),
        ("/metrics/cadvisor, wanted lines", len(page), lambda: asyncio.run(filtered(page))),
        ("  their samples, of all pods", len(kept), lambda: parse_page(kept, pods, NOW)),
        ("  their samples, of one pod", len(kept), lambda: parse_page(kept, one, NOW)),
    )
    for what, size, work in rows:
        print(f"{what:34} {size / 1e6:6.1f} MB {seconds(work, rounds) * 1000:8.1f} ms of one core")


if __name__ == "__main__":
    main()
