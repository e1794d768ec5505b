"""All resources of a project together: what each leads to, and whose each metric is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import define, field, frozen

from causely_core.model import Entity, EntityId, Relation, Series
from causely_core.polling import same
from causely_plugin_gcp.found import Found, Link


@frozen
class Owner:
    """Whose a metric is.

    Attributes:
        entity: it.
        limits: the most that it may have, by name.
    """

    entity: EntityId
    limits: Mapping[str, float] = field(factory=dict)


@define
class Estate:
    """What was found in a project, by the names of its resources.

    Attributes:
        found: they.
    """

    found: Mapping[str, Found]
    _onward: dict[str, list[str]] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        """See which way the links go."""
        for each in self.found.values():
            for link in each.links:
                source, target = (link.target, each.name) if link.inverse else (each.name, link.target)
                self._onward.setdefault(source, []).append(target)

    @classmethod
    def of(cls, found: Iterable[Found]) -> Estate:
        """Put together what was found."""
        return cls({each.name: each for each in found})

    def entities(self) -> list[Entity]:
        """All that are known."""
        return [each.entity for each in self.found.values() if each.entity]

    def relations(self) -> list[Relation]:
        """How they belong together, and what others call them."""
        return [*self._links(), *self._aliases()]

    def owners(self) -> dict[str, list[Owner]]:
        """Whose the metrics of each key are; of what leads to several entities they are of each."""
        owners: dict[str, list[Owner]] = {}
        for each in self.found.values():
            keys = {**dict.fromkeys(each.keys, each.name), **each.shared_keys}
            for key, name in keys.items():
                owners.setdefault(key, []).extend(self._owners(name, each))
        return owners

    def hosts(self) -> dict[EntityId, tuple[str, ...]]:
        """The names and addresses that each entity has alone."""
        return {each.entity.id: each.hosts for each in self.found.values() if each.entity and each.hosts}

    def values(self) -> dict[Series, float]:
        """What descriptions say of how things are."""
        described = ((each.entity, each.values) for each in self.found.values() if each.entity)
        return {Series(entity.id, name): value for entity, values in described for name, value in values.items()}

    def backends(self) -> dict[tuple[str, str], list[EntityId]]:
        """The groups of backend services, as name and link, with the entities that lead to them."""
        found: dict[tuple[str, str], list[EntityId]] = {}
        for entity, start in ((each.entity, each.name) for each in self.found.values()):
            if entity is None:
                continue
            for name in self._through(start, set()):
                for group in self.found[name].backends:
                    found.setdefault((name, group), []).append(entity.id)
        return found

    def _through(self, name: str, seen: set[str]) -> Iterator[str]:
        """What ``name`` leads to that is no entity itself."""
        for onward in self._onward.get(name, ()):
            there = self.found.get(onward)
            if onward not in seen and there is not None and there.entity is None:
                seen.add(onward)
                yield onward
                yield from self._through(onward, seen)

    def _owners(self, name: str, teller: Found) -> list[Owner]:
        """Who is meant by ``name``; whoever tells of it where it is not known, as of a primary in another project."""
        there = self.found.get(name, teller)
        there = there if there.entity else teller
        return [Owner(there.entity.id, there.limits)] if there.entity else []

    def _links(self) -> Iterator[Relation]:
        for each in self.found.values():
            for link in each.links:
                yield from self._relations(each, link)

    def _relations(self, one: Found, link: Link) -> Iterator[Relation]:
        source, target = (link.target, one.name) if link.inverse else (one.name, link.target)
        at = self.found.get(source)
        start = at.entity.id if at and at.entity else EntityId(source)
        if not start.startswith("//"):
            for end in self._ends(target, set()):
                yield Relation(start, link.type, end)

    def _ends(self, name: str, seen: set[str]) -> Iterator[EntityId]:
        """The entities that ``name`` is or leads to."""
        if name in seen:
            return
        seen.add(name)
        there = self.found.get(name)
        if there is None and not name.startswith("//"):
            yield EntityId(name)
        elif there is not None and there.entity is not None:
            yield there.entity.id
        else:
            for onward in self._onward.get(name, ()):
                yield from self._ends(onward, seen)

    def _aliases(self) -> Iterator[Relation]:
        """Those that only one goes by."""
        meant: dict[EntityId, set[EntityId]] = {}
        for each in self.found.values():
            if each.entity is not None:
                for alias in each.aliases:
                    meant.setdefault(alias, set()).add(each.entity.id)
        return (same(alias, *entities) for alias, entities in meant.items() if len(entities) == 1)
