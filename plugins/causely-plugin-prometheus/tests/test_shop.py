"""A machine with Prometheus, node_exporter and the example shop: a root cause from nothing but what was scraped."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import yaml
from causely_plugin_prometheus import PrometheusPlugin

from causely_core.testing import assert_diagnosis

from .servers import DEADLINE, Exporter, free_port, prometheus

SHOP = Path(__file__).parents[3] / "examples" / "shop"
NODE_EXPORTER = "prometheus-node-exporter"
CALLS = {
    ("frontend", "recommendations"),
    ("frontend", "cart"),
    ("frontend", "checkout"),
    ("checkout", "payment"),
}


@contextmanager
def running(command, folder, **environment):
    with (folder / "program.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, **environment},
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(DEADLINE)


@pytest.fixture
def shop(tmp_path):
    """What the shop says of itself; it exports to nobody."""
    folder = tmp_path / "shop"
    folder.mkdir()
    command = [sys.executable, "-m", "shop", "--otlp-endpoint", "http://127.0.0.1:1", "--data-dir", str(folder)]
    settings = {"PYTHONPATH": str(SHOP), "OTEL_METRICS_EXPORTER": "prometheus"}
    with running([*command, "--database", "sqlite"], folder, **settings) as process:
        yield json.loads(process.stdout.readline())


@pytest.fixture
def node_exporter(tmp_path):
    """Its address."""
    if shutil.which(NODE_EXPORTER) is None:
        pytest.skip(f"{NODE_EXPORTER} is not installed (Debian: apt-get install {NODE_EXPORTER})")
    address = f"127.0.0.1:{free_port()}"
    with running([NODE_EXPORTER, f"--web.listen-address={address}"], tmp_path):
        yield address


@pytest.fixture
def server(shop, node_exporter, tmp_path):
    """Prometheus, which scrapes both.

    On loopback each service is a port; its name takes the place of the host, as in a cluster.
    """
    state = httpx.get(f"{shop['control']}/state").raise_for_status().json()["services"]
    named = [
        {
            "source_labels": ["server_address", "server_port"],
            "regex": f"127.0.0.1;{each['port']}",
            "target_label": "server_address",
            "replacement": name,
        }
        for name, each in state.items()
    ]
    pages = [f"127.0.0.1:{port}" for port in shop["metrics"].values()]
    jobs = [
        {"job_name": "node", "static_configs": [{"targets": [node_exporter]}]},
        {"job_name": "shop", "static_configs": [{"targets": pages}], "metric_relabel_configs": named},
    ]
    scrapes = yaml.safe_dump({"global": {"scrape_interval": "1s"}, "scrape_configs": jobs})
    running = prometheus(tmp_path, Exporter(), scrapes)
    yield running
    running.stop()


@pytest.fixture
def plugin():
    return PrometheusPlugin


@pytest.fixture
def section(server):
    return {"url": server.url, "mappings": ["opentelemetry", "node-exporter"], "interval": 1.0, "window": "6s"}


@pytest.mark.slow
async def test_prometheus_alone_is_enough_to_name_the_service_that_fails(shop, causely):
    known = causely.mediator.watch.intake
    services = {f"Service:shop/{name}" for name in shop["metrics"]}
    node = f"Node:{os.uname().nodename}"
    await causely.until(lambda: services | {node} <= known.entities.keys(), DEADLINE)

    def calls():
        found = {(each.source, each.target) for each in known.topology.relations if each.type == "calls"}
        return {(f"Service:shop/{source}", f"Service:shop/{target}") for source, target in CALLS} <= found

    await causely.until(calls, DEADLINE)
    assert await causely.root_causes() == []
    async with httpx.AsyncClient() as control:
        (await control.post(f"{shop['control']}/faults/error-leaf")).raise_for_status()
    found = await causely.diagnosed("Malfunction", "Service:shop/recommendations", DEADLINE)
    assert_diagnosis([found], "Malfunction", "Service:shop/recommendations")
    await causely.seen("RequestErrorRate_High", "Service:shop/recommendations", DEADLINE)
    assert [each["entity"] for each in await causely.root_causes()] == ["Service:shop/recommendations"]
