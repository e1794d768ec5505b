"""Starting services from the command line."""

from __future__ import annotations

import asyncio

from causely_core.services.assembly import Assembly
from causely_core.services.logs import start_logging
from causely_core.services.runtime import run_until_signal
from causely_core.services.settings import Settings


def launch(component: str, settings: Settings) -> None:
    """Run ``component`` (``agent``, ``mediator``, ``analyzer``, or ``run`` for all) until SIGTERM or SIGINT."""
    logger = start_logging(component, settings.log)
    assembly = Assembly(component, settings, logger)
    try:
        asyncio.run(_run(component, assembly))
    finally:
        assembly.telemetry.stop()


async def _run(component: str, assembly: Assembly) -> None:
    parts = await assembly.parts(component)
    guards = [assembly.guard.watch] if assembly.guard else []
    await run_until_signal([*parts, assembly.admin(*parts)], assembly.logger, *guards)
