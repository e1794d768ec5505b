"""The discoverer: what there is in the accounts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from causely_core.rhythm import beat

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_core.model import TopologyDelta
    from causely_core.polling import Told
    from causely_plugin_aws.shared import Shared


class AwsDiscoverer:
    """Tells resources and relations.

    Attributes:
        name: ``resources``.
    """

    name = "resources"

    def __init__(self, context: HookContext, shared: Shared) -> None:
        self._context, self._shared = context, shared

    async def discover(self) -> AsyncIterator[TopologyDelta]:
        """All that is there once AWS has answered, then what changes."""
        told: Told | None = None
        async with self._shared.opened() as watch:
            while True:
                found = await watch.look()
                # A snapshot of nothing would take away what was known before a restart.
                if watch.survey.answered and told is None:
                    told = found
                    yield told.snapshot()
                elif told is not None and (delta := found.since(told)):
                    told = found
                    yield delta
                await beat(self._context.config.repeat)
