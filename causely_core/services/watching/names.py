"""Names: one id for each thing, by what all sources say that ids mean."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import define, field

from causely_core.model import Aliases, EntityId
from causely_core.model.rewriting import rewritten

_KEPT = 200_000
"""Names remembered; those of ids that nobody uses any more are forgotten beyond."""


@define
class Names:
    """Names by id, remembered until what they depend on is another.

    Attributes:
        aliases: what ids mean.
    """

    aliases: Aliases
    _names: dict[EntityId, EntityId] = field(factory=dict, init=False)
    _dependent: dict[EntityId, set[EntityId]] = field(factory=dict, init=False)
    _limit: int = field(default=_KEPT, init=False)

    def of(self, id: EntityId) -> EntityId:
        """The name of what a source calls ``id``."""
        found = self._names.get(id)
        if found is None:
            found = self._names[id] = self._found(id)
        return found

    def outdated(self, aliases: Iterable[EntityId]) -> dict[EntityId, EntityId]:
        """Ids that were asked for and their names as they are now, where those are others since ``aliases`` changed.

        They are given out from the next :meth:`update` on.
        """
        ids = {id for alias in aliases for id in self._dependent.get(alias, ())}
        return {id: name for id in ids if (name := self._found(id)) != self._names[id]}

    def update(self, names: dict[EntityId, EntityId]) -> None:
        """From now on ids have these names."""
        self._names |= names

    @property
    def full(self) -> bool:
        """Whether it is time to :meth:`keep` what is needed."""
        return len(self._names) > self._limit

    def keep(self, ids: Iterable[EntityId]) -> None:
        """Forget all others."""
        self._names, self._dependent = {}, {}
        for id in ids:
            self.of(id)
        self._limit = max(_KEPT, 2 * len(self._names))

    def _found(self, id: EntityId) -> EntityId:
        def meaning(part: EntityId) -> EntityId | None:
            self._dependent.setdefault(part, set()).add(id)
            return self.aliases.meaning(part)

        return rewritten(id, meaning)
