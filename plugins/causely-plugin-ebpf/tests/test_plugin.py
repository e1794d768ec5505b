"""What the plugin gives to whom."""

import os
import subprocess
import sys

import pytest
import structlog
from causely_plugin_ebpf import EbpfConfig, EbpfPlugin
from opentelemetry.metrics import NoOpMeter

from causely_core.hookspecs import HookContext
from causely_core.model import ManualClock, SystemClock

from .conftest import Watching, begun


def test_an_agent_gets_a_watcher_of_connections_and_one_of_resources(compiled):
    plugin = EbpfPlugin()
    agent = HookContext("agent", EbpfConfig(), ManualClock(0.0), structlog.get_logger(), NoOpMeter("t"), compiled)
    collectors = plugin.causely_collectors(agent)
    assert [each.name for each in collectors] == ["ebpf", "resources"]
    assert plugin.causely_discoverers(agent) == collectors


async def test_the_machine_is_the_node_that_the_agent_is_told(compiled, tmp_path):
    config = EbpfConfig(resource_interval=0.25)
    agent = HookContext(
        "agent", config, SystemClock(), structlog.get_logger(), NoOpMeter("t"), compiled, node="worker-1"
    )
    _, resources = EbpfPlugin().causely_collectors(agent)

    def written():
        with (tmp_path / "file").open("w") as file:
            file.write("x")
            os.fsync(file.fileno())
        return any("worker-1" in entity for entity, _, _ in found.values)

    async with begun(Watching(resources)) as found:
        await found.until(written)


@pytest.mark.skipif(os.getuid() != 0, reason="only root has capabilities to give up")
@pytest.mark.parametrize(
    ("capabilities", "missing"),
    [
        ("+bpf,+perfmon", []),
        ("+sys_admin", []),
        ("+bpf", ["no CAP_PERFMON: programs cannot look at what the kernel does"]),
        ("+perfmon", ["no CAP_BPF: programs cannot be loaded into the kernel"]),
    ],
)
def test_root_with_less_than_all_rights_is_told_what_is_missing(compiled, capabilities, missing):
    code = f"""
from pathlib import Path
from causely_plugin_ebpf.checks import lacking
print(*lacking(Path("/"), Path({str(compiled)!r})), sep="\\n")
"""
    rights = ["setpriv", f"--bounding-set=-all,{capabilities}", "--inh-caps=-all"]
    done = subprocess.run([*rights, sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:-1] == (missing or [""])
