"""Running the contract tests of a plugin's package."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from causely_core.errors import UnavailableError, UsageError
from causely_core.plugins import ENTRY_POINT_GROUP


def check(plugin: str) -> list[dict[str, Any]]:
    """What came of each contract test of the package ``plugin``: a folder, or a plugin installed from one with -e.

    Raises:
        UsageError: there is no such package, or it has no contract tests.
        UnavailableError: the tests could not be run.
    """
    folder = Path(plugin) if Path(plugin).is_dir() else _source(plugin)
    if find_spec("pytest") is None:
        raise UnavailableError("pytest is not installed, run: pip install 'causely-core[testing]'")
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.jsonl"
        done = _run(folder, report)
        rows = [json.loads(line) for line in report.read_text().splitlines()] if report.exists() else []
    if not rows and done.returncode not in (0, 5):  # 5: no tests
        raise UnavailableError(f"{folder}: its tests cannot be run: {_reason(done.stdout + done.stderr)}")
    if not rows:
        raise UsageError(f"{folder}: has no contract tests, expected a test class of causely_core.testing")
    return rows


def _source(name: str) -> Path:
    """The folder that an installed plugin comes from."""
    entries = [entry for entry in metadata.entry_points(group=ENTRY_POINT_GROUP) if entry.name == name]
    if not entries:
        raise UsageError(f"{name}: neither a folder nor an installed plugin")
    origin = json.loads((entries[0].dist and entries[0].dist.read_text("direct_url.json")) or "{}")
    folder = Path(unquote(urlsplit(origin.get("url", "")).path))
    if not origin or not folder.is_dir():
        raise UsageError(f"{name}: is installed without its tests, expected the folder of its source")
    return folder


def _run(folder: Path, report: Path) -> subprocess.CompletedProcess[str]:
    paths = [str(folder.resolve() / "src"), os.environ.get("PYTHONPATH", "")]
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-p", "causely_core.testing.plugin"]
    command += ["-p", "causely_core.testing.checking", f"--causely-report={report}"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def _reason(output: str) -> str:
    """The line that says most: the first error, else the last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line.removeprefix("E ").strip() for line in lines if line.startswith(("E ", "ERROR"))]
    return (errors or lines[-1:] or ["it said nothing"])[0]
