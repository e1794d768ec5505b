"""The demo with a shop that exports nothing: what the agent sees by itself, as root, is enough."""

from pathlib import Path

import pytest
from causely_plugin_ebpf.checks import lacking

pytestmark = [pytest.mark.slow, pytest.mark.alone]


def test_a_fault_in_a_shop_that_exports_nothing_is_named_by_what_the_agent_sees(demo, tmp_path):
    missing = list(lacking(Path("/"), tmp_path))
    if missing:
        pytest.skip("eBPF: " + "; ".join(missing))
    told = demo("dead-downstream", "--silent")
    assert told["right"], told["root_causes"]
    assert told["diagnosed_at"] - told["injected_at"] < 30.0
