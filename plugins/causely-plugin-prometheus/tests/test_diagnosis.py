"""A root cause from what a real Prometheus tells, and nothing else."""

import asyncio

import pytest
from causely_plugin_prometheus import PrometheusPlugin

from causely_core.testing import assert_diagnosis

from .servers import Exporter, prometheus

CALLS = (("ingress", "web"), ("web", "cart"), ("web", "catalog"))
RATE = 20.0
"""Requests per second of each caller to each that it calls."""
FAILING = 0.6
"""Share of the cart's answers, and so of web's, once the cart fails."""
FAMILY = "istio_requests_total"


class Mesh:
    """Proxies of Istio, whose counters go on as long as the test."""

    def __init__(self, exporter):
        self.failing, self._exporter, self._counted = False, exporter, dict.fromkeys(CALLS, (0.0, 0.0))

    async def run(self):
        loop = asyncio.get_running_loop()
        before = loop.time()
        while True:
            await asyncio.sleep(0.1)
            passed, before = loop.time() - before, loop.time()
            for call, (good, bad) in self._counted.items():
                failed = RATE * passed * (FAILING if self.failing and call[1] != "catalog" else 0.0)
                self._counted[call] = good + RATE * passed - failed, bad + failed
            self._exporter.text = "".join(self._lines())

    def _lines(self):
        for (source, called), (good, bad) in self._counted.items():
            ends = f'source_workload="{source}",destination_workload="{called}"'
            ends += ',source_workload_namespace="shop",destination_workload_namespace="shop",reporter="destination"'
            for code, count in ((200, good), (503, bad)):
                yield f'{FAMILY}{{{ends},response_code="{code}"}} {count}\n'


@pytest.fixture
def server(tmp_path):
    running = prometheus(tmp_path, Exporter())
    yield running
    running.stop()


@pytest.fixture
def plugin():
    return PrometheusPlugin


@pytest.fixture
def section(server):
    return {"url": server.url, "mappings": ["istio"], "interval": 1.0, "window": "5s"}


async def test_the_service_whose_failures_its_caller_passes_on_is_named(server, causely):
    mesh = Mesh(server.exporter)
    flowing = asyncio.create_task(mesh.run())
    try:
        known = causely.mediator.watch.intake
        await causely.until(lambda: {f"Service:shop/{called}" for _, called in CALLS} <= known.entities.keys(), 60.0)
        await causely.until(lambda: len(known.topology.relations) > len(CALLS), 60.0)
        assert await causely.root_causes() == []
        mesh.failing = True
        found = await causely.diagnosed("Malfunction", "Service:shop/cart", 90.0)
        assert_diagnosis([found], "Malfunction", "Service:shop/cart")
        await causely.seen("RequestErrorRate_High", "Service:shop/web", 90.0)
        assert [each["entity"] for each in await causely.root_causes()] == ["Service:shop/cart"]
    finally:
        flowing.cancel()
