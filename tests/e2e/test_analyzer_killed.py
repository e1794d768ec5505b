"""The analyzer is killed during a fault and comes back: nothing is lost, and the root cause is named."""

import os
import signal
import sys
import time
from contextlib import contextmanager

import httpx
import pytest
import yaml

from causely_core.services.demo import shop
from causely_core.services.demo.process import child
from causely_core.services.demo.stack import free_ports

pytestmark = pytest.mark.slow

AWAY = float(os.environ.get("CAUSELY_ANALYZER_AWAY", "6"))
"""Seconds without an analyzer after it was killed."""
LEARNING = 28.0
"""Seconds of healthy traffic, from which baselines are learned."""
FAULT = "slow-sql"


class Apart:
    """Mediator and analyzer as two processes."""

    def __init__(self, folder):
        self.folder = folder
        self.otlp, http, agents, link, api, self.admin_of_mediator, admin = free_ports(7)
        self.api = f"http://{api}/api/v1"
        mediator = {"mediator": {"agents_listen": agents, "analyzer": link}}
        plugins = {"plugins": {"otlp": {"grpc_endpoint": self.otlp, "http_endpoint": http}}}
        analyzer = {"analyzer": {"listen": link, "api_listen": api}}
        self._configure("mediator", self.admin_of_mediator, mediator | plugins)
        self._configure("analyzer", admin, analyzer)

    def _configure(self, part, admin, settings):
        found = {"data_dir": str(self.folder / part), "admin_listen": admin, **settings}
        (self.folder / f"{part}.yaml").write_text(yaml.safe_dump(found))

    @contextmanager
    def running(self, part):
        command = [sys.executable, "-m", "causely_core", part, "--config", str(self.folder / f"{part}.yaml")]
        with child(command, self.folder / f"{part}.log", {}) as process:
            yield process

    def metric(self, name):
        """The value of one of the mediator's metrics; none without one."""
        text = httpx.get(f"http://{self.admin_of_mediator}/metrics").text
        lines = [line for line in text.splitlines() if line.startswith((f"{name}{{", f"{name} "))]
        return sum(float(line.rpartition(" ")[2]) for line in lines) if lines else None

    def listed(self, kind, **parameters):
        return httpx.get(f"{self.api}/{kind}", params={"limit": 500, **parameters}).raise_for_status().json()["items"]


def until(condition, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if found := condition():
                return found
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds:g} s: {condition.__doc__ or condition}")


def test_nothing_is_lost_while_the_analyzer_is_away(tmp_path):
    tmp_path.chmod(0o711)  # PostgreSQL does not run as root and must be able to enter
    parts = Apart(tmp_path)
    with (
        parts.running("mediator"),
        shop.running(tmp_path / "shop", f"http://{parts.otlp}") as app,
    ):
        with parts.running("analyzer") as analyzer:
            until(lambda: len(parts.listed("entities")) > 20, 60.0)
            time.sleep(LEARNING)
            assert parts.listed("root-causes", active=True) == []
            healthy = time.time()
            app.inject(FAULT)
            analyzer.send_signal(signal.SIGKILL)
        time.sleep(AWAY)
        until(lambda: parts.metric("causely_symptoms_active"), 30.0)
        back = time.time()
        with parts.running("analyzer"):
            (cause, *_) = until(lambda: parts.listed("root-causes", active=True), 30.0)
            assert (cause["type"], cause["cause"]) == ("Database", "SlowQueries")
            assert healthy < cause["onset"] < back
            until(lambda: len(parts.listed("entities")) == parts.metric("causely_topology_entities"), 20.0)
            until(lambda: len(parts.listed("symptoms", active=True)) == parts.metric("causely_symptoms_active"), 20.0)
            assert not parts.metric("causely_link_resyncs_total")
