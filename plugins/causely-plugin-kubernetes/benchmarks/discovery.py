"""How long discovery takes in a large cluster, and how far it is behind while pods change. Prints figures.

    python benchmarks/discovery.py [--pods 5000] [--services 500] [--nodes 100] [--changes 200] [--seconds 60]

Takes the control plane that ``python3 -m tox run -e cluster`` builds. Objects are written to a real API server; who
discovers is a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil
import structlog
from causely_plugin_kubernetes import KubernetesConfig
from causely_plugin_kubernetes.discoverer import KubernetesDiscoverer
from causely_plugin_kubernetes.kubeconfig import Kubeconfig
from opentelemetry.metrics import NoOpMeter

from causely_core.hookspecs import HookContext
from causely_core.model import SystemClock

sys.path.insert(0, str(Path(__file__).parents[3] / "tests" / "cluster"))

WRITERS = 16
STEP = "causely.io/step"


async def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("pods", 5000), ("services", 500), ("nodes", 100), ("changes", 200), ("seconds", 60)):
        parser.add_argument(f"--{name}", type=int, default=default)
    wanted = parser.parse_args()
    from build import program
    from control_plane import ControlPlane

    with TemporaryDirectory() as folder:
        control_plane = ControlPlane(program(), Path(folder))
        try:
            control_plane.start()
            await measure(control_plane.kubeconfig(), wanted)
        finally:
            control_plane.stop()


async def measure(kubeconfig: Path, wanted: argparse.Namespace) -> None:
    """Write, discover, change."""
    access = Kubeconfig(kubeconfig)
    async with httpx.AsyncClient(base_url=access.url, verify=access.tls(), timeout=60.0) as api:
        begun = time.monotonic()
        for batch in population(wanted.pods, wanted.services, wanted.nodes):
            await written(api, "POST", batch)
        print(f"written in {time.monotonic() - begun:.0f} s")
        process = await asyncio.create_subprocess_exec(
            sys.executable, __file__, "--watch", str(kubeconfig), stdout=asyncio.subprocess.PIPE, limit=1 << 20
        )
        assert process.stdout
        counted = psutil.Process(process.pid)
        said = json.loads(await process.stdout.readline())
        print(f"{said['entities']:,} entities, {said['relations']:,} relations {said['after']:.1f} s after the start")
        print(f"{counted.memory_info().rss / 2**20:.0f} MiB, {sum(counted.cpu_times()[:2]):.1f} s of a processor")
        lags, used, listed = [], sum(counted.cpu_times()[:2]), await lists(api)
        sent: dict[str, float] = {}
        listening = asyncio.create_task(listen(process.stdout, sent, lags))
        await change(api, wanted, sent)
        await asyncio.sleep(3.0)
        listening.cancel()
        share = (sum(counted.cpu_times()[:2]) - used) / wanted.seconds
        lags.sort()
        half, most = (lags[len(lags) * percent // 100] for percent in (50, 99))
        print(f"{len(lags):,} of {len(sent):,} changes told; lag p50 {half:.2f} s, p99 {most:.2f} s")
        print(f"{share:.0%} of a core, {counted.memory_info().rss / 2**20:.0f} MiB")
        print(f"{await lists(api) - listed:.0f} lists of pods meanwhile")
        process.terminate()
        await process.wait()


def population(pods: int, services: int, nodes: int) -> Iterator[list[tuple[str, dict]]]:
    """Nodes, namespaces, then what is in them; in batches of which each may be written in any order."""
    yield [("/api/v1/nodes", {"metadata": {"name": f"node-{n}"}}) for n in range(nodes)]
    yield [("/api/v1/namespaces", {"metadata": {"name": f"ns-{n}"}}) for n in range(10)]
    yield [(f"/api/v1/namespaces/ns-{n}/serviceaccounts", {"metadata": {"name": "default"}}) for n in range(10)]
    yield [
        (
            f"/api/v1/namespaces/ns-{n % 10}/services",
            {"metadata": {"name": f"s-{n}"}, "spec": {"ports": [{"port": 80}], "clusterIP": "None"}},
        )
        for n in range(services)
    ]
    yield [(f"/api/v1/namespaces/ns-{n % 10}/pods", pod(n, nodes)) for n in range(pods)]
    yield [
        (f"/apis/discovery.k8s.io/v1/namespaces/ns-{n % 10}/endpointslices", endpoints(n, pods, services))
        for n in range(services)
    ]


def pod(number: int, nodes: int) -> dict:
    """As large as pods are, with environment and mounts: about four kilobytes."""
    environment = [{"name": f"SETTING_{n}", "value": "x" * 40} for n in range(20)]
    container = {"name": "main", "image": f"registry.example/app-{number % 50}:1", "env": environment}
    return {
        "metadata": {"name": f"p-{number}", "labels": {"app": f"s-{number}"}, "annotations": {"note": "y" * 400}},
        "spec": {"nodeName": f"node-{number % nodes}", "containers": [container, {"name": "side", "image": "proxy:1"}]},
    }


def endpoints(number: int, pods: int, services: int) -> dict:
    """Of a service, its share of the pods."""
    own = [n for n in range(number, pods, services) if n % 10 == number % 10]
    targets = [{"kind": "Pod", "name": f"p-{n}", "namespace": f"ns-{number % 10}"} for n in own]
    return {
        "metadata": {"name": f"s-{number}", "labels": {"kubernetes.io/service-name": f"s-{number}"}},
        "addressType": "IPv4",
        "endpoints": [{"addresses": ["10.0.0.1"], "targetRef": target} for target in targets],
    }


async def written(api: httpx.AsyncClient, method: str, requests: list[tuple[str, dict]]) -> None:
    """All of them, some at a time."""
    waiting = iter(requests)

    async def work() -> None:
        for path, body in waiting:
            (await api.request(method, path, json=body)).raise_for_status()

    await asyncio.gather(*(work() for _ in range(WRITERS)))


async def change(api: httpx.AsyncClient, wanted: argparse.Namespace, sent: dict[str, float]) -> None:
    """So many changes a second, each of another pod, with a number by which it is known again."""
    headers, begun, running = {"Content-Type": "application/merge-patch+json"}, time.monotonic(), set()
    for number in range(wanted.changes * wanted.seconds):
        await asyncio.sleep(max(0.0, begun + number / wanted.changes - time.monotonic()))
        path = f"/api/v1/namespaces/ns-{number % wanted.pods % 10}/pods/p-{number % wanted.pods}"
        body = json.dumps({"metadata": {"annotations": {STEP: str(number)}}})
        sent[str(number)] = time.time()
        task = asyncio.create_task(api.patch(path, content=body, headers=headers))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)


async def lists(api: httpx.AsyncClient) -> float:
    """How often anybody has listed pods, as the server counts."""
    text = (await api.get("/metrics")).raise_for_status().text
    lines = [line for line in text.splitlines() if line.startswith("apiserver_request_total{")]
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if 'resource="pods"' in line and 'verb="LIST"' in line)


async def listen(told: asyncio.StreamReader, sent: dict[str, float], lags: list[float]) -> None:
    """Note how long after it was sent each change was told."""
    while line := await told.readline():
        said = json.loads(line)
        lags.extend(said["at"] - sent[step] for step in said["steps"] if step in sent)


async def watch(kubeconfig: Path) -> None:
    """Discover, and print a line for the snapshot and for each delta."""
    begun = time.monotonic()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    context = HookContext(
        "mediator", KubernetesConfig(kubeconfig), SystemClock(), structlog.get_logger(), NoOpMeter("x"), Path()
    )
    deltas: AsyncIterator = KubernetesDiscoverer(context).discover()
    async for delta in deltas:
        if delta.snapshot:
            said = {"entities": len(delta.entities), "relations": len(delta.relations)}
            print(json.dumps({**said, "after": time.monotonic() - begun}), flush=True)
        else:
            steps = [entity.attributes[STEP] for entity in delta.entities if STEP in entity.attributes]
            print(json.dumps({"at": time.time(), "steps": steps}), flush=True)


if __name__ == "__main__":
    asyncio.run(watch(Path(sys.argv[2])) if "--watch" in sys.argv else main())
