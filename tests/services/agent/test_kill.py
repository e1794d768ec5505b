"""While the mediator is away the agent is killed twice: no manifestation is lost or doubled, the spool is bounded."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest
import yaml

from causely_core.services.demo.stack import free_ports

from ..analyzer.standalone import analyzer
from .flood import HIGH
from .living import sink

AWAY = float(os.environ.get("CAUSELY_MEDIATOR_AWAY", "3"))
"""Seconds without a mediator."""
MAX_SPOOL = 64 * 1024 * 1024
NAME = "agent-flooded"


class Stage:
    """Agent and mediator as processes with the flood installed."""

    def __init__(self, folder, analyzer_port, series):
        self.folder = folder
        self.mediator, self.series = free_ports(1)[0], series
        self.admin = dict(zip(("agent", "mediator"), free_ports(2), strict=True))
        self._install()
        upward = {"agents_listen": self.mediator, "analyzer": f"127.0.0.1:{analyzer_port}"}
        self._configure("mediator", {"mediator": upward})
        flood = {"name": NAME, "mediator": self.mediator, "timeseries": f"http://{self.series}"}
        self._configure("agent", {"agent": {**flood, "detection_interval": 0.05, "spool_max_bytes": MAX_SPOOL}})

    def _install(self):
        """The plugin as a distribution, so that it is found as a stranger's is."""
        info = self.folder / "site" / "flood-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: flood\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text("[causely]\nflood = flood:FloodPlugin\n")
        shutil.copy(Path(__file__).with_name("flood.py"), info.parent)

    def _configure(self, part, section):
        free = {"otlp": {"grpc_endpoint": "127.0.0.1:0", "http_endpoint": "127.0.0.1:0"}}
        whole = {"data_dir": str(self.folder / part), "admin_listen": self.admin[part], "plugins": free, **section}
        (self.folder / f"{part}.yaml").write_text(yaml.safe_dump(whole))

    @contextmanager
    def running(self, part):
        """A process that is killed at the end."""
        paths = [str(self.folder / "site"), *filter(None, sys.path)]
        command = [sys.executable, "-m", "causely_core", part, "--config", str(self.folder / f"{part}.yaml")]
        with (self.folder / f"{part}.log").open("a") as log:
            process = subprocess.Popen(command, stderr=log, env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)})
        try:
            yield process
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()

    async def spooled(self):
        """Bytes in the agent's spool; none while it does not answer."""
        try:
            async with httpx.AsyncClient() as client:
                text = (await client.get(f"http://{self.admin['agent']}/metrics")).text
        except httpx.TransportError:
            return None
        values = [line.rpartition(" ")[2] for line in text.splitlines() if line.startswith("causely_link_spool_size")]
        return float(values[0]) if values else None

    @property
    def plugin(self):
        return self.folder / "agent" / "agent" / "plugins" / "flood"

    def told(self):
        """The episodes that were spooled for certain."""
        path = self.plugin / "told"
        lines = path.read_text().splitlines() if path.exists() else []
        # The last line of a killed process may be cut.
        return {tuple(json.loads(line)) for line in lines if line.endswith("]")}

    async def flood(self, seconds):
        """Wait until much more has been told, and for some time."""
        before = len(self.told())
        await asyncio.sleep(seconds)
        await until(lambda: self._told_more(before + 100))

    async def _told_more(self, than):
        return len(self.told()) > than


async def until(condition, seconds=20.0):
    async with asyncio.timeout(seconds):
        while not (found := await condition()):
            await asyncio.sleep(0.05)
        return found


@pytest.fixture
async def served(tmp_path):
    one = analyzer(tmp_path / "analyzer")
    await one.start()
    yield one
    await one.stop()


@pytest.fixture
def stage(tmp_path, served):
    with sink() as series:
        yield Stage(tmp_path, served.port, series.address)


async def page(served, limit, **chosen):
    """What the analyzer has stored of the flood; other plugins may see that this machine is busy."""
    return await served.ask(lambda casebook: casebook.store.symptoms(name=HIGH, limit=limit, **chosen))


async def test_kills_while_the_mediator_is_away(stage, served):
    with stage.running("agent"):
        with stage.running("mediator"):
            await until(lambda: begun(served), 30.0)
        await stage.flood(AWAY / 3.0)
    with stage.running("agent"):
        await stage.flood(AWAY / 3.0)
    with stage.running("agent") as agent:
        await stage.flood(AWAY / 3.0)
        spooled = await stage.spooled()
        with stage.running("mediator"):
            await until(lambda: emptied(stage), 60.0)
            assert connections(agent) == {stage.mediator, stage.series}
            (stage.plugin / "stop").touch()
            await until(lambda: calm(served), 60.0)
    stored, told = (await page(served, 1_000_000)).items, stage.told()
    seen = Counter((row.symptom.entity, row.symptom.onset) for row in stored)
    print(f"{len(told)} episodes spooled, {len(seen)} stored, {spooled / 1e6:.1f} MB in the spool")
    assert 0.0 < spooled <= MAX_SPOOL
    assert told <= set(seen)
    assert set(seen.values()) == {1}
    assert {row.source for row in stored} == {NAME}


async def emptied(stage):
    return await stage.spooled() is not None and await stage.spooled() < 10_000


async def begun(served):
    return (await page(served, 1, active=False)).total > 0


async def calm(served):
    """Whether the flood is over and its end has arrived."""
    return (await page(served, 1, active=True)).total == 0


def connections(process):
    """To whom the process has connected."""
    found = psutil.Process(process.pid).net_connections(kind="inet")
    own = {one.laddr.port for one in found if one.status == psutil.CONN_LISTEN}
    remote = [one.raddr for one in found if one.raddr and one.laddr.port not in own]
    return {f"{address.ip.removeprefix('::ffff:')}:{address.port}" for address in remote}
