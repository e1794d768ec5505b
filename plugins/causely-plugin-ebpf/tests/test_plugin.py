"""What the plugin gives to whom."""

import os
import subprocess
import sys

import pytest
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
