"""The discoverer: what there is in the accounts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from causely_core.polling import Told, changes

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_core.model import TopologyDelta
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
        async with self._shared.opened() as watch:

            async def look() -> Told | None:
                found = await watch.look()
                return found if watch.survey.answered else None

            async for delta in changes(look, self._context.config.repeat):
                yield delta
