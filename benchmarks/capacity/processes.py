"""The measured processes: VictoriaMetrics, analyzer and mediator, each with its files below one folder."""

from __future__ import annotations

import os
import pickle
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import yaml
from attrs import define, field

from capacity.attributes import OF_REQUESTS
from capacity.installation import Installation
from capacity.plugin import NAME
from causely_core.services.demo.process import child
from causely_core.services.demo.stack import free_ports

SETTLE = 60.0
"""Seconds after which the mediator tells everything once more; 300 by default, which is longer than a run."""
START = 60.0
_BENCHMARKS = Path(__file__).parents[1]


@define(eq=False)
class Processes:
    """All three, and where they listen.

    Attributes:
        folder: where their files are.
        memory: bytes that VictoriaMetrics may take for its caches; 0 for its own choice.
        running: by name, once started.
    """

    folder: Path
    memory: int = 0
    running: dict[str, psutil.Process] = field(factory=dict, init=False)
    _ports: list[str] = field(factory=lambda: free_ports(8), init=False)

    @property
    def mediator(self) -> str:
        """Address for agents."""
        return self._ports[0]

    @property
    def victoria_metrics(self) -> str:
        """Base URL."""
        return f"http://{self._ports[1]}"

    @property
    def api(self) -> str:
        """Base URL of the analyzer's API."""
        return f"http://{self._ports[2]}/api/v1"

    @property
    def admin(self) -> str:
        """Base URL of the mediator's own metrics."""
        return f"http://{self._ports[3]}"

    @contextmanager
    def all(self, installation: Installation, traced: float) -> Iterator[None]:
        """Run them; the mediator's plugin finds its part of ``installation``, and requests of a share of it."""
        told = self.folder / "told.pickle"
        seen = [each for each in installation.entities if each.type in OF_REQUESTS]
        told.write_bytes(pickle.dumps((installation.of_kubernetes, seen[: round(traced * len(seen))])))
        with ExitStack() as stack:
            self.start_victoria_metrics(stack)
            self._start_part(stack, "analyzer", self._ports[4], self._analyzer())
            self._start_part(stack, "mediator", self._ports[3], self._mediator(told))
            yield

    def start_victoria_metrics(self, stack: ExitStack) -> None:
        """Debian's, with the flags of the chart."""
        binary = shutil.which("victoria-metrics") or sys.exit("victoria-metrics: not installed; Debian has a package")
        command = [binary, f"-storageDataPath={self.folder / 'storage'}", f"-httpListenAddr={self._ports[1]}"]
        flags = [f"-memory.allowedBytes={self.memory}"] if self.memory else []
        command += ["-retentionPeriod=7d", *flags]
        self._start(stack, "victoriametrics", command, f"{self.victoria_metrics}/health")

    def _start_part(self, stack: ExitStack, name: str, admin: str, settings: dict[str, Any]) -> None:
        config = self.folder / f"{name}.yaml"
        own = {"data_dir": str(self.folder / name), "admin_listen": admin}
        config.write_text(yaml.safe_dump(own | settings))
        command = [sys.executable, "-m", "causely_core", name, "--config", str(config)]
        self._start(stack, name, command, f"http://{admin}/readyz")

    def _start(self, stack: ExitStack, name: str, command: list[str], health: str) -> None:
        path = os.pathsep.join([str(plugin_folder(self.folder)), str(_BENCHMARKS), os.environ.get("PYTHONPATH", "")])
        process = stack.enter_context(child(command, self.folder / f"{name}.log", {"PYTHONPATH": path}))
        self.running[name] = psutil.Process(process.pid)
        deadline = time.monotonic() + START
        while not answers(health):
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{name} did not start: {(self.folder / f'{name}.log').read_text()[-500:]}")
            time.sleep(0.1)

    def _analyzer(self) -> dict[str, Any]:
        return {"analyzer": {"listen": self._ports[5], "api_listen": self._ports[2]}}

    def _mediator(self, told: Path) -> dict[str, Any]:
        return {
            "mediator": {
                "agents_listen": self.mediator,
                "analyzer": self._ports[5],
                "timeseries": self.victoria_metrics,
                "settle_after": SETTLE,
            },
            "plugins": {
                NAME: {"told": str(told)},
                "otlp": {"grpc_endpoint": self._ports[6], "http_endpoint": self._ports[7]},
            },
        }


def plugin_folder(folder: Path) -> Path:
    """A folder for the path of Python's modules, in which the plugin counts as installed."""
    info = folder / "installed" / "causely_plugin_capacity-0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: causely-plugin-capacity\nVersion: 0\n")
    (info / "entry_points.txt").write_text(f"[causely]\n{NAME} = capacity.plugin:CapacityPlugin\n")
    return info.parent


def answers(url: str) -> bool:
    """Whether there is an answer, and no error."""
    try:
        return httpx.get(url, timeout=5.0).is_success
    except httpx.TransportError:
        return False
