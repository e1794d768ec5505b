"""What collector and discoverer share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from attrs import define

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_plugin_aws.watch import Watch


@define
class _Use:
    """A watch, the event loop that it is of, and how many use it."""

    watch: Watch
    loop: asyncio.AbstractEventLoop
    users: int = 0


class Shared:
    """The watch, for as long as somebody needs it."""

    def __init__(self, context: HookContext) -> None:
        """Nothing is made before it is needed."""
        self._context = context
        self._use: _Use | None = None

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Watch]:
        """The one watch; the last one to leave closes it."""
        use = self._of(asyncio.get_running_loop())
        use.users += 1
        try:
            yield use.watch
        finally:
            use.users -= 1
            if not use.users:
                use.watch.close()
                self._use = None if self._use is use else self._use

    def _of(self, loop: asyncio.AbstractEventLoop) -> _Use:
        """A loop that was held up is given up with all that waits on it, and a new one takes its place."""
        from causely_plugin_aws.watch import Watch  # imports all services

        if self._use is None or self._use.loop is not loop:
            self._use = _Use(Watch(self._context), loop)
        return self._use
