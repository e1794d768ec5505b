"""Resources: what is found of a service. Pure."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from causely_core.model import Entity, EntityId, Relation, Series
    from causely_plugin_aws.api import Api
    from causely_plugin_aws.call import Call
    from causely_plugin_aws.measure import Measure


@frozen
class Subject:
    """What CloudWatch measures of a resource.

    Attributes:
        entity: whose values these are; of several subjects of one entity the largest value counts.
        namespace: CloudWatch's.
        dimensions: by which CloudWatch knows it.
        measures: what is asked for.
        facts: what of the resource is needed to make sense of a value, such as its capacity.
    """

    entity: EntityId
    namespace: str
    dimensions: Mapping[str, str] = field(hash=False)
    measures: tuple[Measure, ...]
    facts: Mapping[str, float] = field(factory=dict, hash=False)


@frozen
class Insight:
    """An instance of which RDS Performance Insights knows what its sessions wait for.

    Attributes:
        entity: the database.
        resource: its id there, ``db-ABC``.
        processors: virtual ones; zero when nobody knows.
    """

    entity: EntityId
    resource: str
    processors: float = 0.0


@frozen
class Resource:
    """One thing in an account.

    Attributes:
        entity: it; none where only relations of others are told.
        arn: by which its tags are found.
        relations: to others, and other names that it has.
        hosts: names and addresses that are its alone; names are looked up, for others see only addresses.
        names: likewise, which mean a resource whose addresses are told anyway; each with that.
        subjects: what CloudWatch measures of it.
        values: what the answer itself tells; of several the largest counts.
        insight: for databases that have it.
    """

    entity: Entity | None = None
    arn: str = ""
    relations: tuple[Relation, ...] = ()
    hosts: tuple[str, ...] = ()
    names: Mapping[str, EntityId] = field(factory=dict, hash=False)
    subjects: tuple[Subject, ...] = ()
    values: Mapping[Series, float] = field(factory=dict, hash=False)
    insight: Insight | None = None


@frozen
class Service:
    """A service of AWS.

    Attributes:
        name: as the settings have it.
        calls: all operations that :attr:`find` asks.
        find: gives its resources in one account and region, as far as it gets.

            Raises: :class:`~causely_core.polling.PollError` for what is missing.
    """

    name: str
    calls: tuple[Call, ...]
    find: Callable[[Api], AsyncIterator[Resource]]
