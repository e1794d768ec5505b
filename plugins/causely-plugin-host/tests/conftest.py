from pathlib import Path

import psutil
import pytest
import structlog
from causely_plugin_host import HostConfig
from opentelemetry.metrics import NoOpMeter

from causely_core.hookspecs import HookContext
from causely_core.model import ManualClock

from .trees import Tree


@pytest.fixture
def tree(tmp_path):
    """A machine without anything; what reads it may leave psutil looking at it."""
    before = psutil.PROCFS_PATH
    (tmp_path / "proc").mkdir()
    yield Tree(tmp_path)
    psutil.PROCFS_PATH = before


@pytest.fixture
def context(tmp_path):
    """Makes what the agent gives to the plugin."""

    def make(clock=None, root="/", node="", **settings):
        return HookContext(
            "agent",
            HostConfig(**settings),
            clock or ManualClock(1000.0),
            structlog.get_logger(),
            NoOpMeter("t"),
            tmp_path,
            host_root=Path(root),
            node=node,
        )

    return make
