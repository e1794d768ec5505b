"""What a process of one part imports: an agent runs on every node, where each megabyte counts once a node."""

import subprocess
import sys

import pytest

ASSEMBLED = """
import asyncio, pathlib, sys, structlog
import causely_core.cli.agent, causely_core.cli.launch
from causely_core.services.assembly import Assembly
from causely_core.services.settings import load_settings

assembly = Assembly({part!r}, load_settings(None, pathlib.Path({folder!r})), structlog.get_logger())
parts = asyncio.run(assembly.parts({part!r}))
assembly.admin(*parts)
print(*sys.modules)
"""
CLOUDS = {"azure.core", "boto3", "botocore", "google.api_core", "google.auth", "google.cloud.monitoring_v3", "pandas"}
SERVERS = {"fastapi", "pydantic", "sqlalchemy", "causely_core.storage", "causely_core.causal"}


def imported(part, folder):
    """The modules of a process that has made a part and its admin port."""
    program = ASSEMBLED.format(part=part, folder=str(folder))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("part", ["agent", "mediator"])
def test_neither_agent_nor_mediator_imports_what_only_the_analyzer_needs(part, tmp_path):
    modules = imported(part, tmp_path)
    assert f"causely_core.services.{part}.service" in modules
    assert not modules & SERVERS
    assert not modules & CLOUDS  # nobody has configured one
    parts = {name for name in modules if name.startswith("causely_core.services.") and name.endswith(".service")}
    assert parts == {f"causely_core.services.{part}.service"}


def test_an_analyzer_imports_them(tmp_path):
    assert imported("analyzer", tmp_path) >= SERVERS
