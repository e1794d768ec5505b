"""A survey: what several questions to a server, or to several, tell together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from causely_core.model import Entity, EntityId, Relation
from causely_core.polling.errors import PollError
from causely_core.polling.fading import Fading
from causely_core.polling.noting import Noting
from causely_core.polling.pace import Pace
from causely_core.polling.told import Told

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger


@frozen
class Answer:
    """What one look has found.

    Attributes:
        entities: by id.
        relations: they.
        missing: why the answer is not complete, as when one page or one zone could not be had; what was known and is
            not in it stays known. Empty when it is complete.
        settled: whether all that is to stay is in it, though it is not complete: whoever answers has kept what it
            could not look at.
    """

    entities: Mapping[EntityId, Entity] = field(factory=dict)
    relations: Mapping[Relation, Relation] = field(factory=dict)
    missing: str = ""
    settled: bool = False

    @classmethod
    def of(cls, entities: list[Entity], relations: list[Relation], missing: str = "", settled: bool = False) -> Answer:
        """Put an answer together."""
        return cls({each.id: each for each in entities}, {each: each for each in relations}, missing, settled)


@frozen
class Look:
    """One question.

    Attributes:
        name: what is asked for, and where: ``eu-west-1/rds``; unique in its survey.
        ask: asks it, within a deadline of its own.

            Raises: :class:`PollError` when there is no answer.
    """

    name: str
    ask: Callable[[], Awaitable[Answer]]


@define
class _Kept:
    """What is known by one look, and when it is due."""

    look: Look
    pace: Pace
    entities: Fading[EntityId, Entity]
    relations: Fading[Relation, Relation]
    due: float = 0.0


class Survey:
    """Asks every look once in an interval.

    One that fails holds up no other: it is asked again after a pause of its own, which doubles, and all that was known
    by it stays known. What a complete answer has no more of is gone after ``patience``.
    """

    def __init__(
        self,
        looks: list[Look],
        logger: FilteringBoundLogger,
        interval: float,
        patience: float,
        retry: float = 15.0,
        at_once: int = 8,
    ) -> None:
        """Get ready; nobody is asked yet.

        Args:
            looks: they; of two that describe one entity the later wins.
            logger: is told what is wrong, once, and that it is well again.
            interval: seconds after which what was answered is asked again.
            patience: seconds for which things stay that no answer tells of any more.
            retry: seconds after which what was not answered is asked again, the first time.
            at_once: looks under way at the same time.
        """
        self._kept = [_Kept(look, Pace(retry), Fading(patience), Fading(patience)) for look in looks]
        self._interval, self._noting, self._places = interval, Noting(logger), asyncio.Semaphore(at_once)
        self.answered = False
        """Whether there was ever an answer: a snapshot before would take away what was known."""

    async def round(self, now: float) -> Told:
        """Ask all that are due at ``now``, seconds since the epoch, and give what is known after it.

        Cheap when none is due: call it as often as a failure should be noticed to have ended.
        """
        due = (kept for kept in self._kept if now >= kept.due and kept.pace.due(now))
        await asyncio.gather(*(self._ask(kept, now) for kept in due))
        return self.told()

    def told(self) -> Told:
        """What is known."""
        entities = (each for kept in self._kept for each in kept.entities.all().values())
        return Told.of(entities, (each for kept in self._kept for each in kept.relations.all()))

    async def _ask(self, kept: _Kept, now: float) -> None:
        async with self._places:
            try:
                answer = await kept.look.ask()
            except PollError as problem:
                kept.pace.failed(str(problem), now, problem.retry_after)
                self._noting.note(kept.look.name, str(problem))
                return
        kept.pace.answered()
        kept.due = now + self._interval
        self.answered = True
        complete = answer.settled or not answer.missing
        kept.entities.look(answer.entities, now, complete)
        kept.relations.look(answer.relations, now, complete)
        self._noting.note(kept.look.name, answer.missing)
