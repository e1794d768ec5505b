"""Resolving: topology in under the ids that sources use, and out under one name for each thing."""

from __future__ import annotations

from attrs import define, field

from causely_core.model import Aliases, EntityId, RelationType, TopologyDelta
from causely_core.services.watching.names import Names
from causely_core.services.watching.said import Said


@define
class Resolver:
    """Keeps what all sources say, and tells it by what ids mean now; what they mean, sources say as well.

    What comes out, put together, is what would come out if all that holds now were said at once.

    Attributes:
        aliases: what ids mean.
        renamed: ids that were given another name since somebody cleared it.
    """

    aliases: Aliases
    renamed: set[EntityId] = field(factory=set, init=False)
    _names: Names = field(init=False)
    _said: dict[str, Said] = field(factory=dict, init=False)

    @_names.default
    def _by_aliases(self) -> Names:
        return Names(self.aliases)

    def name(self, id: EntityId) -> EntityId:
        """The id under which an entity is told that a source calls ``id``; cheap when asked again."""
        return self._names.of(id)

    def called(self, name: EntityId) -> list[EntityId]:
        """All ids by which an entity is or was told: its name, and those that sources use."""
        return sorted({name, *(id for said in self._said.values() for id in said.called(name))})

    def resolve(self, delta: TopologyDelta) -> tuple[TopologyDelta, ...]:
        """What is another now, of the source of ``delta`` and of those whose ids mean something else.

        Args:
            delta: as a source tells it; one with a version that was seen already changes nothing.
        """
        source = delta.source
        said = self._said.setdefault(source, Said())
        if not delta.snapshot and delta.version <= said.heard:
            return ()
        if delta.snapshot:
            said = self._said[source] = Said(told=said.told, aliases=said.aliases)
        self._rename(self._learn(said, delta))
        said.heard = delta.version
        said.apply(delta, self.name)
        if self._names.full:
            self._names.keep(id for each in self._said.values() for id in each.ids())
        touched = {name for name, each in self._said.items() if each.touched} | ({source} if delta.snapshot else set())
        told = (self._said[name].flush(name, delta.snapshot and name == source) for name in sorted(touched))
        return tuple(each for each in told if each)

    def _learn(self, said: Said, delta: TopologyDelta) -> set[EntityId]:
        """Take note of what ids mean; those of which it may be something else now."""
        holding = {each for each in delta.relations if each.type == RelationType.SAME_AS}
        ended = (said.aliases if delta.snapshot else said.aliases & {*delta.deleted_relations}) - holding
        begun = holding - said.aliases
        for relation in ended:
            self.aliases.remove(relation)
        for relation in begun:
            self.aliases.add(relation)
        said.aliases = said.aliases - ended | begun
        return {relation.source for relation in ended | begun}

    def _rename(self, aliases: set[EntityId]) -> None:
        names = self._names.outdated(aliases)
        if names:
            for said in self._said.values():
                said.rename(names, self.name)
            self._names.update(names)
            self.renamed |= names.keys()
