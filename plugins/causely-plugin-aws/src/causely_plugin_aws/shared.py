"""What collector and discoverer share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_plugin_aws.watch import Watch


class Shared:
    """The watch, for as long as somebody needs it."""

    def __init__(self, context: HookContext) -> None:
        """Nothing is made before it is needed."""
        self._context, self._users = context, 0
        self._watch: Watch | None = None

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Watch]:
        """The one watch; the last one to leave closes it."""
        from causely_plugin_aws.watch import Watch  # imports all services

        if self._watch is None:
            self._watch = Watch(self._context)
        self._users += 1
        try:
            yield self._watch
        finally:
            self._users -= 1
            if not self._users:
                self._watch.close()
                self._watch = None
