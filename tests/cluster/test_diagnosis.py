"""From a real API server through mediator and analyzer to the root cause, with nothing else to go by."""

import asyncio
from contextlib import asynccontextmanager
from itertools import count

import httpx
import pytest
import structlog

from causely_core.services.agent.config import AgentConfig
from causely_core.services.analyzer.config import AnalyzerConfig
from causely_core.services.assembly import Assembly
from causely_core.services.demo.stack import free_ports
from causely_core.services.mediator.config import MediatorConfig
from causely_core.services.settings import Settings

from .shop import PLACED, UNREADY, Ahead, Shop, waiting

FREE = "127.0.0.1:0"
NUMBERS = count()
LOST = {"type": "Ready", "status": "Unknown"}
LOOPING = {"reason": "Error"}
HEARD = {"type": "ContainersReady", "status": "True"}


@pytest.fixture
def shop(writer):
    name = f"diagnosis-{next(NUMBERS)}"
    writer.create("/api/v1/namespaces", {"metadata": {"name": name}})
    writer.create(f"/api/v1/namespaces/{name}/serviceaccounts", {"metadata": {"name": "default"}})
    opened = Shop(writer, name)
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
async def causes(kubeconfig, tmp_path, shop):
    """Answers with the root causes of the shop that are named, as entity and cause."""
    (address,) = free_ports(1)
    settings = Settings(
        data_dir=tmp_path / "data",
        mediator=MediatorConfig(agents_listen=FREE, analyzer=address, detection_interval=0.2),
        agent=AgentConfig(enabled=False),
        analyzer=AnalyzerConfig(listen=address, api_listen=FREE, confirm_after=0.2),
        plugins={
            "otlp": {"grpc_endpoint": FREE, "http_endpoint": FREE},
            "kubernetes": {"kubeconfig": str(kubeconfig), "flush_interval": 0.1, "conditions_interval": 0.2},
        },
    )
    assembly = Assembly("test", settings, structlog.get_logger(), Ahead())
    async with _running(assembly) as (analyzer, mediator):
        async with asyncio.timeout(60.0):
            while not mediator.watch.intake.topology.is_named(shop.service, ""):
                await asyncio.sleep(0.05)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{analyzer.api_port}/api/v1") as api:
            yield lambda: _named(api, shop.namespace)


@asynccontextmanager
async def _running(assembly):
    parts = [await assembly.analyzer(), assembly.mediator()]
    try:
        for part in parts:
            await part.start()
        yield parts
    finally:
        for part in reversed(parts):
            await part.stop()
        assembly.telemetry.stop()


async def _named(api, namespace):
    found = (await api.get("/root-causes", params={"active": True})).raise_for_status().json()["items"]
    return [(each["entity"], each["cause"]) for each in found if namespace in each["entity"]]


async def named(causes, *wanted):
    """Wait until these are the root causes, and no other."""
    found = []
    try:
        async with asyncio.timeout(60.0):
            while (found := await causes()) != list(wanted):
                await asyncio.sleep(0.1)
    except TimeoutError:
        pytest.fail(f"named: {found}")


async def test_a_pod_that_is_killed_and_not_replaced(shop, causes):
    shop.writer.delete(f"{shop.core}/pods/cart-0")
    shop.available(1)
    await named(causes, (shop.workload, "UnavailableReplicas"))
    shop.pod("cart-2")
    shop.available(2)
    await named(causes)


async def test_a_bad_rollout(shop, causes):
    shop.roll_out(image="registry.example/cart:2")
    shop.pod("cart-2", waiting("CrashLoopBackOff", 3, **LOOPING), (UNREADY, PLACED))
    await named(causes, (shop.workload, "BadRollout"))


async def test_a_crash_loop_without_a_change(shop, causes):
    container = shop.pod_is("cart-0", waiting("CrashLoopBackOff", 3, **LOOPING), (UNREADY, PLACED))
    shop.available(1)
    await named(causes, (container, "CrashLoop"))


async def test_a_container_that_needs_more_memory_than_it_may(shop, causes):
    killed = waiting("CrashLoopBackOff", 3, reason="OOMKilled", exitCode=137)
    container = shop.pod_is("cart-0", killed, (UNREADY, PLACED))
    shop.available(1)
    await named(causes, (container, "OutOfMemory"))


async def test_an_image_that_cannot_be_pulled(shop, causes):
    container = shop.pod_is("cart-0", waiting("ImagePullBackOff"), (UNREADY, PLACED))
    shop.available(1)
    await named(causes, (container, "ImagePullFailure"))


async def test_a_node_that_is_not_ready(shop, causes):
    shop.node_is(LOST)
    for number in range(2):
        shop.pod_is(f"cart-{number}", {"ready": True, "restartCount": 0}, (UNREADY, PLACED, HEARD))
    shop.available(0)
    await named(causes, (f"Node:{shop.node}", "NotReady"))
