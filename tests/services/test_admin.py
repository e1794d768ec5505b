"""The admin port, over real HTTP."""

import httpx
import pytest
import structlog
from opentelemetry.metrics import NoOpMeter

from causely_core.errors import UnavailableError
from causely_core.model import SystemClock
from causely_core.plugins import PluginManager
from causely_core.services.admin import Admin
from causely_core.services.http import HttpServer, split_address
from causely_core.services.telemetry import Telemetry, TelemetryConfig


class Quiet:
    causely_api = 1


@pytest.fixture
async def admin(tmp_path):
    telemetry = Telemetry.start("test", TelemetryConfig())
    telemetry.meter("mediator").create_counter("causely.things").add(3)
    manager = PluginManager("mediator", SystemClock(), structlog.get_logger(), NoOpMeter("test"), tmp_path)
    manager.register("quiet", Quiet, "1.2")
    problems = {"spool": ""}
    app = Admin(telemetry.registry, {"spool": lambda: problems["spool"]}, (manager,)).app()
    server = HttpServer(app, "127.0.0.1:0")
    await server.start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client:
        yield client, problems
    await server.stop()
    telemetry.stop()


async def test_metrics_are_in_prometheus_format(admin):
    client, _ = admin
    answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "causely_things_total 3.0" in answer.text
    assert "process_resident_memory_bytes" in answer.text


async def test_readiness_says_what_is_missing(admin):
    client, problems = admin
    assert (await client.get("/readyz")).status_code == 200
    problems["spool"] = "disk full"
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["problems"] == {"spool": "disk full"}
    assert (await client.get("/healthz")).status_code == 200


async def test_plugins_are_listed_with_their_state(admin):
    client, _ = admin
    rows = (await client.get("/plugins")).json()["plugins"]
    assert [(row["name"], row["version"], row["state"]) for row in rows] == [("quiet", "1.2", "loaded")]


async def test_a_taken_port_is_one_clear_error(admin):
    client, _ = admin
    taken = f"127.0.0.1:{client.base_url.port}"
    second = HttpServer(None, taken)
    with pytest.raises(UnavailableError, match=f"cannot listen on {taken}: Address already in use"):
        await second.start()


@pytest.mark.parametrize("address", ["localhost", "host:port", ":99999", ""])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(UnavailableError, match="expected host:port"):
        split_address(address)


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [("127.0.0.1:1", "127.0.0.1", 1), (":8080", "0.0.0.0", 8080), ("[::1]:5", "::1", 5)],
)
def test_addresses_are_split(address, host, port):
    assert split_address(address) == (host, port)
