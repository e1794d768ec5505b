"""Parts built from settings, with the plugins that are installed."""

import asyncio
import gzip

import httpx
import pytest
import structlog
from attrs import evolve
from opentelemetry.metrics import NoOpMeter

from causely_core.catalogue import load_catalogue
from causely_core.causal.model_error import ModelError
from causely_core.errors import ConfigError
from causely_core.hookspecs import hookimpl, unlimited
from causely_core.model import CausalModel, ObservationBatch, Series, SystemClock
from causely_core.plugins import PluginManager
from causely_core.services.agent.config import AgentConfig
from causely_core.services.analyzer.config import AnalyzerConfig
from causely_core.services.assembly import Assembly
from causely_core.services.mediator.config import MediatorConfig
from causely_core.services.settings import Settings

FREE = "127.0.0.1:0"


@pytest.fixture
def settings(tmp_path):
    return Settings(
        data_dir=tmp_path / "data",
        admin_listen=FREE,
        mediator=MediatorConfig(agents_listen=FREE),
        agent=AgentConfig(enabled=False),
        analyzer=AnalyzerConfig(listen=FREE, api_listen=FREE),
        plugins={"otlp": {"grpc_endpoint": FREE, "http_endpoint": FREE}},
    )


@pytest.fixture
def build():
    built = []

    def build(settings):
        built.append(Assembly("test", settings, structlog.get_logger()))
        return built[-1]

    yield build
    for assembly in built:
        assembly.telemetry.stop()


async def test_a_mediator_and_an_analyzer_are_ready_behind_one_admin_port(build, settings):
    assembly = build(settings)
    parts = [await assembly.analyzer(), assembly.mediator()]
    admin = assembly.admin(*parts)
    await admin.start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{admin.port}") as client:
        problems = (await client.get("/readyz")).json()["problems"]
        assert problems == {"analyzer": "not started", "mediator": "not started"}
        for part in parts:
            await part.start()
        assert (await client.get("/readyz")).status_code == 200
        rows = (await client.get("/plugins")).json()["plugins"]
        assert {("analyzer", "core"), ("mediator", "core")} <= {(row["component"], row["name"]) for row in rows}
        assert "causely_" in (await client.get("/metrics")).text
    for part in (admin, *reversed(parts)):
        await part.stop()


@pytest.mark.parametrize(
    ("limit", "component", "guarded"), [(1 << 28, "agent", 1 << 28), (0, "agent", 0), (1 << 28, "run", 0)]
)
async def test_an_agent_that_has_its_process_to_itself_keeps_its_limit_of_memory(
    build, settings, limit, component, guarded
):
    assembly = build(evolve(settings, agent=AgentConfig(enabled=True, memory_limit=limit)))
    await assembly.parts(component)
    assert (assembly.guard.limit if assembly.guard else 0) == guarded
    told_by = assembly.guard.pressure if assembly.guard else unlimited
    for manager in assembly.managers:
        assert manager.context(manager.plugins["core"]).memory_pressure == told_by


async def test_an_agent_in_the_same_process_finds_its_mediator_and_shares_the_store(build, settings):
    assembly = build(evolve(settings, agent=AgentConfig(enabled=True)))
    parts = _, mediator, agent = await assembly.parts("run")
    for part in parts:
        await part.start()
    async with asyncio.timeout(20.0):
        await agent.link.drained()
    assert agent.link.target == f"127.0.0.1:{mediator.server.port}"
    assert agent.config.name in mediator.agents.cursors
    assert agent.store is mediator.store
    for part in reversed(parts):
        await part.stop()


async def test_parts_of_one_process_share_no_plugin_object_and_no_folder(build, settings):
    assembly = build(evolve(settings, agent=AgentConfig(enabled=True)))
    await assembly.parts("run")
    found = [(manager, manager.plugins["otlp"]) for manager in assembly.managers]
    assert [manager.component for manager, _ in found] == ["analyzer", "mediator", "agent"]
    assert len({id(plugin.instance) for _, plugin in found}) == 3
    assert len({manager.context(plugin).data_dir for manager, plugin in found}) == 3


@pytest.mark.parametrize("name", ["agent", "mediator", "analyzer"])
async def test_a_process_of_one_part_has_no_other(build, settings, name):
    (part,) = await build(settings).parts(name)
    assert type(part).__name__.lower() == name


def test_every_file_is_below_the_data_folder(build, settings):
    assembly = build(settings)
    assert settings.data_dir.is_dir()
    assert assembly.mediator().data_dir == settings.data_dir


@pytest.mark.parametrize("part", ["agent", "mediator"])
async def test_series_are_written_under_the_name_of_the_part(build, settings, part):
    written = asyncio.get_running_loop().create_future()

    async def take(reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        body = await reader.readexactly(int(head.partition("content-length: ")[2].partition("\r\n")[0]))
        written.set_result(gzip.decompress(body).decode())
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(take, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        section = evolve(getattr(settings, part), name="one-of-many", timeseries=url)
        (made,) = await build(evolve(settings, **{part: section})).parts(part)
        await made.store.write(ObservationBatch.at(1000.0, [(Series("Service:cart", "cpu_usage"), 0.5)]))
        async with asyncio.timeout(20.0):
            line = await written
        await made.store.aclose()
    assert line == 'causely_cpu_usage{entity="Service:cart",writer="one-of-many"} 0.5 1000000\n'


def test_a_section_of_a_plugin_that_is_not_installed_stops_the_start(build, settings):
    assembly = build(evolve(settings, plugins={"oltp": {}}))
    with pytest.raises(ConfigError, match=r"plugins\.oltp: no such plugin is installed; installed are .*core, "):
        assembly.mediator()


@pytest.fixture
def manager(tmp_path):
    return PluginManager("analyzer", SystemClock(), structlog.get_logger(), NoOpMeter("test"), tmp_path)


def models(*found):
    class Models:
        causely_api = 1

        @hookimpl
        def causely_causal_models(self):
            return found

    return Models


async def test_models_come_as_objects_and_as_files(manager, tmp_path):
    file = tmp_path / "lamp.yaml"
    file.write_text("entity: Lamp\nsymptoms: {Light_Low: {description: It is dark.}}\n")
    manager.register("one", models(CausalModel("Switch")))
    manager.register("two", models(file))
    catalogue = await load_catalogue(manager)
    assert {model.entity_type for model in catalogue} == {"Lamp", "Switch"}


async def test_a_model_file_that_is_missing_is_one_line(manager, tmp_path):
    manager.register("one", models(tmp_path / "none.yaml"))
    with pytest.raises(ConfigError, match=r"none\.yaml: cannot be read: No such file or directory"):
        await load_catalogue(manager)


async def test_a_model_file_that_is_wrong_names_its_line(manager, tmp_path):
    file = tmp_path / "wrong.yaml"
    file.write_text("entity: Lamp\ncolour: red\n")
    manager.register("one", models(file))
    with pytest.raises(ModelError, match=r"wrong\.yaml:2"):
        await load_catalogue(manager)
