"""What a mediator's stream hands over: stored on the worker before it is acknowledged."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define

from causely_core.model import Clock
from causely_core.services.analyzer.casebook import Casebook
from causely_core.services.analyzer.instruments import Instruments
from causely_core.services.analyzer.pacing import Pacing
from causely_core.services.analyzer.worker import Worker
from causely_core.wire.cursor import Cursor, Sender
from causely_core.wire.update import Update


@define(eq=False)
class Intake:
    """The cursor store and the applying end of the link."""

    casebook: Casebook
    worker: Worker
    clock: Clock
    pacing: Pacing
    instruments: Instruments

    async def get(self, sender: str) -> Cursor | None:
        """How far ``sender`` is stored."""
        return await self.worker.do(lambda: self.casebook.cursor(sender))

    async def apply(self, sender: Sender, updates: Sequence[Update]) -> None:
        """Store updates and see to it that they are diagnosed soon."""
        now = self.clock.now()
        changed = await self.worker.do(lambda: self.casebook.apply(sender, updates, now))
        self.instruments.updates.add(len(updates), {"sender": sender.name})
        if changed:
            self.pacing.change()
