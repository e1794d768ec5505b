"""The plugin as the plugin manager loads it."""

import asyncio
import socket
from contextlib import asynccontextmanager, suppress

import pytest
import structlog
from causely_plugin_otlp import OtlpPlugin
from opentelemetry.metrics import NoOpMeter

from causely_core.errors import ConfigError
from causely_core.isolation import IsolationPolicy, supervise
from causely_core.model import SystemClock
from causely_core.plugins import PluginManager

from .conftest import until

QUICK = IsolationPolicy(backoff_base=0.01, backoff_limit=0.02, open_after=10_000)


def manager(folder, component="mediator", **section):
    sections = {"otlp": section} if section else {}
    made = PluginManager(component, SystemClock(), structlog.get_logger(), NoOpMeter("t"), folder, sections, QUICK)
    made.register("otlp", OtlpPlugin())
    return made


async def offered(made, hook):
    return [found.name for _, found in await made.call(hook)]


async def test_in_a_mediator_it_collects_and_discovers(tmp_path):
    made = manager(tmp_path)
    assert await offered(made, "causely_collectors") == ["otlp"]
    assert await offered(made, "causely_discoverers") == ["otlp"]


@pytest.mark.parametrize("component", ["agent", "analyzer", "executor"])
async def test_elsewhere_it_does_nothing(tmp_path, component):
    made = manager(tmp_path, component)
    assert await offered(made, "causely_collectors") == []


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"grpc_endpoint": "4317"}, "plugins.otlp.*grpc_endpoint.*expected host:port"),
        ({"http_endpoint": "127.0.0.1:99999"}, "plugins.otlp.*http_endpoint.*expected host:port"),
        ({"max_entities": 0}, "plugins.otlp.*max_entities"),
        ({"grpc_endpiont": "127.0.0.1:1"}, "plugins.otlp.*grpc_endpiont"),
    ],
)
def test_a_wrong_section_is_one_clear_line(tmp_path, section, said):
    with pytest.raises(ConfigError, match=said) as raised:
        manager(tmp_path, **section)
    assert "\n" not in str(raised.value)


@asynccontextmanager
async def supervised(made):
    """The receiver as the mediator runs it; gives its unit."""
    ((plugin, receiver),) = await made.call("causely_collectors")
    unit = made.unit(plugin, "collector", receiver.name)
    running = asyncio.create_task(supervise(unit, receiver.observe, _ignore))
    try:
        yield unit
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def _ignore(batch): ...


@pytest.mark.parametrize("which", ["grpc_endpoint", "http_endpoint"])
async def test_a_taken_port_shows_as_its_state_until_the_port_is_free(tmp_path, which):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        endpoint = f"127.0.0.1:{taken.getsockname()[1]}"
        made = manager(tmp_path, **{"grpc_endpoint": "127.0.0.1:0", "http_endpoint": "127.0.0.1:0"} | {which: endpoint})
        async with supervised(made) as unit:
            await until(lambda: made.plugins["otlp"].state == "backing off")
            assert unit.last_error.startswith(f"OSError: cannot listen on {endpoint}: ")
            assert "in use" in unit.last_error
            taken.close()
            await until(lambda: unit.state == "running")
