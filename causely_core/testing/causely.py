"""Mediator and analyzer in the process of a test, as ``causely run`` has them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

import httpx
import structlog
from attrs import evolve, frozen

from causely_core.model import EntityId, Observation, ObservationBatch, Series
from causely_core.plugins import ENTRY_POINT_GROUP
from causely_core.services.agent.config import AgentConfig
from causely_core.services.analyzer.config import AnalyzerConfig
from causely_core.services.analyzer.service import Analyzer
from causely_core.services.assembly import Assembly
from causely_core.services.demo.stack import free_ports
from causely_core.services.mediator.config import MediatorConfig
from causely_core.services.mediator.service import Mediator
from causely_core.services.settings import Settings
from causely_core.testing.asking import NAME
from causely_core.testing.diagnoses import explain
from causely_core.testing.feed import Feed
from causely_core.testing.fix import fix
from causely_core.testing.flowing_clock import FlowingClock
from causely_core.testing.topologies import topology

FREE = "127.0.0.1:0"
DEADLINE = 30.0
"""Seconds in which what is waited for must have come."""


@frozen
class Causely:
    """What runs, and what a test may do with it.

    Attributes:
        otlp: ``host:port`` where the plugin ``otlp`` listens for gRPC, if it is among the plugins.
        api: a client of the analyzer's API, ``/api/v1``.
        agents: makes agents that watch through the plugin under test; their files are apart.
    """

    clock: FlowingClock
    mediator: Mediator
    analyzer: Analyzer
    feed: Feed
    otlp: str
    api: httpx.AsyncClient
    agents: Assembly

    def discover(self, *sentences: str) -> None:
        """Tell the whole topology, in the words of :func:`causely_core.testing.topology`."""
        self.feed.deltas.items.put_nowait(topology(*sentences))

    def observe(self, entity: str, attribute: str, values: Sequence[float], step: float = 10.0) -> None:
        """Tell values of an attribute, in its unit: one each ``step`` seconds, the last one now."""
        series, now = Series(EntityId(entity), attribute), self.clock.now()
        rows = (
            Observation(series, now - step * ago, value)
            for ago, value in zip(range(len(values) - 1, -1, -1), values, strict=True)
        )
        self.feed.observations.items.put_nowait(ObservationBatch.of(rows))

    async def root_causes(self) -> list[dict[str, Any]]:
        """The root causes that are active, in full, as the API tells them; the most probable first."""
        listed = await self._get("/root-causes", active=True)
        return [await self._get(f"/root-causes/{each['id']}") for each in listed["items"]]

    async def symptoms(self) -> list[dict[str, Any]]:
        """The symptoms that are active, as the API tells them."""
        items: list[dict[str, Any]] = (await self._get("/symptoms", active=True))["items"]
        return items

    async def seen(self, symptom: str, entity: str, deadline: float = DEADLINE) -> dict[str, Any]:
        """Wait until ``symptom`` of ``entity`` is active; it as the API tells it.

        Fails the test after ``deadline`` seconds, with the symptoms that were there instead.
        """
        right, found = await _awaited(self.symptoms, {"name": symptom, "entity": entity}, deadline)
        if right is None:
            told = f"{symptom} of {entity} is not active:\n{explain([], found)}"
            fix(told, "see whether its attribute is observed and judged")
        return right

    async def diagnosed(self, cause: str, entity: str, deadline: float = DEADLINE) -> dict[str, Any]:
        """Wait until ``cause`` on ``entity`` is a root cause; it in full.

        Fails the test after ``deadline`` seconds, with all that was found instead and why.
        """
        right, found = await _awaited(self.root_causes, {"cause": cause, "entity": entity}, deadline)
        if right is None:
            told = f"{cause} on {entity} is not a root cause:\n{explain(found, await self.symptoms())}"
            fix(told, "see which symptom or relation is missing above")
        return right

    async def until(self, condition: Callable[[], object], deadline: float = DEADLINE) -> None:
        """Wait until ``condition`` is true; raises TimeoutError after so many seconds."""
        async with asyncio.timeout(deadline):
            while True:
                if condition():
                    return
                await asyncio.sleep(0.01)

    async def _get(self, path: str, **parameters: Any) -> Any:
        return (await self.api.get(path, params=parameters)).raise_for_status().json()


async def _awaited(
    ask: Callable[[], Awaitable[list[dict[str, Any]]]], wanted: Mapping[str, str], deadline: float
) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """The first that ``ask`` tells with all that is wanted, none after so many seconds; and all that was told then."""
    end = time.monotonic() + deadline
    while True:
        found = await ask()
        right = next((each for each in found if wanted.items() <= each.items()), None)
        if right is not None or time.monotonic() >= end:
            return right, found
        await asyncio.sleep(0.05)


@asynccontextmanager
async def running(
    folder: Path,
    clock: FlowingClock,
    installed: Iterable[str],
    plugin: Any = None,
    section: Mapping[str, Any] | None = None,
) -> AsyncIterator[Causely]:
    """Mediator and analyzer on free ports of loopback.

    Args:
        folder: every file is below.
        clock: of all parts.
        installed: names of the installed plugins to load beside ``core``.
        plugin: one more, which need not be installed; a class or object.
        section: the configuration of ``plugin``.
    """
    link, grpc, http = free_ports(3)
    feed = Feed()
    tested = {NAME: plugin} if plugin is not None else {}
    sections = _sections({"core", *installed}, grpc, http) | ({NAME: dict(section)} if section else {})
    settings, logger = _settings(folder, link, sections), structlog.get_logger()
    assembly = Assembly("test", settings, logger, clock, {"feed": feed, **tested})
    agents = Assembly("test-agent", evolve(settings, data_dir=folder / "agent"), logger, clock, tested)
    async with AsyncExitStack() as stack:
        stack.callback(assembly.telemetry.stop)
        stack.callback(agents.telemetry.stop)
        analyzer, mediator = await assembly.analyzer(), assembly.mediator()
        for part in (analyzer, mediator):
            await part.start()
            stack.push_async_callback(part.stop)
        url = f"http://127.0.0.1:{analyzer.api_port}/api/v1"
        api = await stack.enter_async_context(httpx.AsyncClient(base_url=url))
        yield Causely(clock, mediator, analyzer, feed, grpc, api, agents)


def _settings(folder: Path, link: str, sections: dict[str, dict[str, Any]]) -> Settings:
    """All decides quickly: tests wait for it."""
    return Settings(
        data_dir=folder,
        mediator=MediatorConfig(agents_listen=FREE, analyzer=link, detection_interval=0.2),
        agent=AgentConfig(enabled=False, detection_interval=0.2),
        analyzer=AnalyzerConfig(listen=link, api_listen=FREE, confirm_after=0.2),
        plugins=sections,
    )


def _sections(wanted: Collection[str], grpc: str, http: str) -> dict[str, dict[str, Any]]:
    """What is not wanted is not loaded, whatever is installed on this machine."""
    installed = {entry.name for entry in metadata.entry_points(group=ENTRY_POINT_GROUP)}
    if missing := sorted(set(wanted) - installed):
        fix(f"no plugin {', '.join(missing)} is installed", "install its package, or leave it out of `installed`")
    sections: dict[str, dict[str, Any]] = {name: {"enabled": False} for name in installed - set(wanted)}
    if "otlp" in wanted:
        sections["otlp"] = {"grpc_endpoint": grpc, "http_endpoint": http, "flush_interval": 0.1, "pairing_wait": 0.5}
    return sections
