"""What the collector and the discoverer share: the ways to Azure, and what is known of its resources."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from causely_core.polling import Look, Survey
from causely_plugin_azure.access import Access
from causely_plugin_azure.look import ResourcesLook

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_core.polling import Told
    from causely_plugin_azure.telling import Known

RETRY = 15.0
"""Seconds after which what was not answered is asked again, the first time."""


class Poll:
    """Looks at the resources when it is time to.

    Attributes:
        access: open it while the poll is used.
    """

    def __init__(self, context: HookContext) -> None:
        """Get ready; nobody is asked yet."""
        config = context.config
        self.access = Access(context)
        self._context, self._look = context, ResourcesLook(context, self.access)
        # The look itself knows what stays: it has the resources, from which all is told.
        looks = [Look("resources", self._look.ask)]
        self._survey = Survey(looks, context.logger, config.resources_interval, 0.0, min(RETRY, config.values_interval))
        self._lock = asyncio.Lock()

    @property
    def answered(self) -> bool:
        """Whether Azure has ever answered."""
        return self._survey.answered

    @property
    def found(self) -> list[Known]:
        """The resources that are known."""
        return self._look.found

    async def told(self) -> Told:
        """The topology, after a look when it is time for one."""
        async with self._lock:
            return await self._survey.round(self._context.clock.now())
