"""Resources that are really watched, and programs that wait, compute and die."""

import shutil
import subprocess
from pathlib import Path

import pytest
import structlog
from causely_plugin_ebpf.config import EbpfConfig
from causely_plugin_ebpf.resources.collector import Resources
from opentelemetry.metrics import NoOpMeter

from causely_core.hookspecs import HookContext
from causely_core.host import HostRoot, Machine
from causely_core.model import SystemClock

from ..conftest import Watching, begun

SOURCE = Path(__file__).parent / "threads.c"


@pytest.fixture
async def watching(compiled):
    """The collector of this machine, begun."""
    config = EbpfConfig(resource_interval=0.25, profile_hertz=199)
    context = HookContext("agent", config, SystemClock(), structlog.get_logger(), NoOpMeter("test"), compiled)
    async with begun(Watching(Resources(context, Machine.of(HostRoot())))) as found:
        yield found


@pytest.fixture
def built(tmp_path):
    """Compiles threads.c; the path of the program."""

    def build(compiler, package):
        if shutil.which(compiler) is None:
            pytest.skip(f"{compiler} is not installed (Debian's {package})")
        program = tmp_path / f"threads-{compiler}"
        subprocess.run([compiler, "-O1", "-pthread", "-o", program, SOURCE], check=True)
        return program

    return build
