"""What the plugin gives to whom."""

import structlog
from causely_plugin_ebpf import EbpfConfig, EbpfPlugin
from opentelemetry.metrics import NoOpMeter

from causely_core.hookspecs import HookContext
from causely_core.model import ManualClock


def test_an_agent_gets_a_watcher_of_connections_and_one_of_resources(compiled):
    plugin = EbpfPlugin()
    agent = HookContext("agent", EbpfConfig(), ManualClock(0.0), structlog.get_logger(), NoOpMeter("t"), compiled)
    collectors = plugin.causely_collectors(agent)
    assert [each.name for each in collectors] == ["ebpf", "resources"]
    assert plugin.causely_discoverers(agent) == collectors
