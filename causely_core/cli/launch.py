"""Starting services from the command line."""

from __future__ import annotations

import asyncio
from pathlib import Path

from causely_core.services.analyzer import Analyzer
from causely_core.services.assembly import Assembly
from causely_core.services.logs import start_logging
from causely_core.services.mediator import Mediator
from causely_core.services.runtime import run_until_signal
from causely_core.services.settings import load_settings


def launch(component: str, config: Path | None, data_dir: Path | None) -> None:
    """Run ``component`` (``mediator``, ``analyzer``, or ``run`` for both) until SIGTERM or SIGINT."""
    settings = load_settings(config, data_dir)
    logger = start_logging(component, settings.log)
    assembly = Assembly(component, settings, logger)
    try:
        asyncio.run(_run(component, assembly))
    finally:
        assembly.telemetry.stop()


async def _run(component: str, assembly: Assembly) -> None:
    parts: list[Analyzer | Mediator] = []
    if component in ("analyzer", "run"):
        parts.append(await assembly.analyzer())
    if component in ("mediator", "run"):
        parts.append(assembly.mediator())
    await run_until_signal([*parts, assembly.admin(*parts)], assembly.logger)
