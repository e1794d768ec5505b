"""The fixtures that run causely; they need pytest-asyncio, and are there where it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

if TYPE_CHECKING:
    from causely_core.model import ManualClock
    from causely_core.services.agent.service import Agent
    from causely_core.services.executor.executor import Executor
    from causely_core.services.mediator.service import Mediator
    from causely_core.testing.causely import Causely
    from causely_core.testing.otlp import Otlp


@pytest.fixture
def installed() -> tuple[str, ...]:
    """Names of the installed plugins that ``causely`` loads beside ``plugin`` and the core. Give your own list."""
    return ()


@pytest_asyncio.fixture
async def causely(
    plugin: Any, section: dict[str, Any], installed: tuple[str, ...], tmp_path: Path
) -> AsyncIterator[Causely]:
    """A mediator and an analyzer that run in this process with ``plugin``, on a clock that flows from 2023."""
    from causely_core.testing.causely import running
    from causely_core.testing.flowing_clock import FlowingClock
    from causely_core.testing.plugin import START

    async with running(tmp_path / "causely", FlowingClock(START), installed, plugin, section) as one:
        yield one


@pytest_asyncio.fixture
async def mediator(causely: Causely) -> Mediator:
    """The mediator of ``causely``."""
    return causely.mediator


@pytest_asyncio.fixture
async def agent(causely: Causely) -> AsyncIterator[Agent]:
    """An agent in this process that watches through ``plugin`` and forwards to the mediator of ``causely``."""
    one = causely.agents.agent(causely.mediator)
    await one.start()
    yield one
    await one.stop()


@pytest_asyncio.fixture
async def executor(plugin: Any, section: dict[str, Any], clock: ManualClock, tmp_path: Path) -> Executor:
    """An executor with the remediators of ``plugin``; what was done must show within two seconds."""
    from causely_core.services.executor.executor import Executor
    from causely_core.testing.asking import Contexts

    loaded = Contexts(plugin, section, "executor", clock, tmp_path / "executor").load()
    return await Executor.of(loaded.manager, verify_within=2.0, verify_every=0.05)


@pytest_asyncio.fixture
async def otlp(causely: Causely) -> AsyncIterator[Otlp]:
    """Sends spans, metrics and logs to ``causely``, if ``otlp`` is among the ``installed``."""
    from causely_core.testing.fix import require
    from causely_core.testing.otlp import Otlp

    there = "otlp" in causely.mediator.plugins.plugins and causely.mediator.plugins.plugins["otlp"].enabled
    require(there, "nobody receives OTLP", 'give a fixture `installed` that returns ("otlp",)')
    async with Otlp(causely.otlp, causely.clock) as sender:
        yield sender
