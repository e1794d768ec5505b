"""The plugin as the plugin manager loads it."""

import pytest
import structlog
from causely_plugin_otlp import OtlpPlugin
from opentelemetry.metrics import NoOpMeter

from causely_core.errors import ConfigError
from causely_core.model import SystemClock
from causely_core.plugins import PluginManager


def manager(folder, component="mediator", **section):
    made = PluginManager(
        component, SystemClock(), structlog.get_logger(), NoOpMeter("t"), folder, {"otlp": section} if section else {}
    )
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
