"""The collector: how the resources are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from causely_core.rhythm import beat

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_core.model import ObservationBatch
    from causely_plugin_aws.shared import Shared


class AwsCollector:
    """Tells what CloudWatch, Performance Insights and the resources themselves say.

    Attributes:
        name: ``values``.
    """

    name = "values"

    def __init__(self, context: HookContext, shared: Shared) -> None:
        self._context, self._shared = context, shared

    async def observe(self) -> AsyncIterator[ObservationBatch]:
        """Give the newest values, again and again."""
        from causely_plugin_aws.values import Values

        async with self._shared.opened() as watch:
            values = Values(self._context, watch)
            async with values.asking():
                while True:
                    if len(batch := values.batch()):
                        yield batch
                    await beat(self._context.config.repeat)
