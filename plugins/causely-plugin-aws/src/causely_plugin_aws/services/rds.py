"""RDS and Aurora: instances and clusters, with their replicas."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from causely_core.model import Entity, EntityId, EntityType, Relation, RelationType, Series, entity_id
from causely_core.polling import PollError
from causely_plugin_aws.call import Call
from causely_plugin_aws.describing import described
from causely_plugin_aws.measure import gauge, left, spent, used
from causely_plugin_aws.resource import Insight, Resource, Service, Subject
from causely_plugin_aws.services.machines import MACHINES, Machine, machines, most_credits

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api

# Pages have at most 100 ("Amazon RDS API Reference", DescribeDBInstances, MaxRecords); there is no documented rate.
_INSTANCES = Call("rds", "describe_db_instances", "rds:DescribeDBInstances", "DBInstances", ("Marker", "Marker"))
_CLUSTERS = Call("rds", "describe_db_clusters", "rds:DescribeDBClusters", "DBClusters", ("Marker", "Marker"))
_EVENTS = Call("rds", "describe_events", "rds:DescribeEvents", "Events", ("Marker", "Marker"))
_PAGE = 100
_RECENTLY = 10
"""Minutes for which a failover is told."""
_GIB = 2.0**30

_LAG = (gauge("replication_lag", "ReplicaLag", "Maximum"),)
_MEASURES = (
    gauge("cpu_utilization", "CPUUtilization", scale=0.01),
    used("connection_utilization", "DatabaseConnections", of="connections", statistic="Maximum"),
    left("disk_utilization", "FreeStorageSpace", "storage"),
    used("disk_iops_utilization", "ReadIOPS", "WriteIOPS", of="iops"),
    left("burst_credits_used", "CPUCreditBalance", "credits"),
    spent("burst_credits_used", "BurstBalance"),
    spent("burst_credits_used", "EBSIOBalance%"),
    spent("burst_credits_used", "EBSByteBalance%"),
)
_AURORA = (
    gauge("cpu_utilization", "CPUUtilization", scale=0.01),
    used("connection_utilization", "DatabaseConnections", of="connections", statistic="Maximum"),
    left("burst_credits_used", "CPUCreditBalance", "credits"),
    gauge("replication_lag", "AuroraReplicaLag", "Maximum", 0.001),
)

_SYSTEMS = {"postgres": "postgresql", "aurora-postgresql": "postgresql", "aurora-mysql": "mysql"}
"""What OpenTelemetry calls an engine, where AWS calls it otherwise."""

_PER_CONNECTION = {"postgresql": 9_531_392, "mysql": 12_582_880, "mariadb": 12_582_880}
"""Bytes of memory for each connection in the default parameter groups ("Quotas and constraints for Amazon RDS")."""
_MOST_CONNECTIONS = {"postgresql": 5_000.0, "mysql": 16_000.0, "mariadb": 16_000.0}


async def find(api: Api) -> AsyncIterator[Resource]:
    """See :class:`Service`."""
    async for raw in api.items(_CLUSTERS, MaxRecords=_PAGE):
        yield cluster(raw, api)
    found, problem = await _instances(api)
    types = await machines(api, {_machine(raw) for raw in found})
    for raw in found:
        yield instance(raw, api, types.get(_machine(raw)))
    if problem:
        raise problem
    recent = {"SourceType": "db-instance", "EventCategories": ["failover"], "Duration": _RECENTLY}
    async for raw in api.items(_EVENTS, **recent):
        if "failover" in raw.get("EventCategories", ()):
            yield failover(raw, api)


async def _instances(api: Api) -> tuple[list[Mapping[str, Any]], PollError | None]:
    """As many as can be had, for their types of machines are asked for together; and why there are no more."""
    found: list[Mapping[str, Any]] = []
    try:
        async for raw in api.items(_INSTANCES, MaxRecords=_PAGE):
            found.append(raw)
    except PollError as problem:
        return found, problem
    return found, None


def cluster(raw: Mapping[str, Any], api: Api) -> Resource:
    """A cluster of Aurora, or of several zones. Its endpoint means the instance that writes."""
    entity = _entity(api, raw["DBClusterIdentifier"], raw)
    members = raw.get("DBClusterMembers", ())
    return Resource(
        entity,
        raw.get("DBClusterArn", ""),
        tuple(Relation(_id(api, _name(each)), RelationType.PART_OF, entity.id) for each in members),
        names=dict(_endpoints(raw, entity.id, api)),
    )


def instance(raw: Mapping[str, Any], api: Api, machine: Machine | None) -> Resource:
    """One instance."""
    name, host = _name(raw), raw.get("Endpoint", {}).get("Address")
    entity, facts = _entity(api, name, raw), dict(_facts(raw, machine))
    insight = Insight(entity.id, raw["DbiResourceId"], facts.get("processors", 0.0))
    return Resource(
        entity,
        raw.get("DBInstanceArn", ""),
        tuple(_relations(raw, entity.id, api)),
        (host,) if host else (),
        subjects=tuple(_subjects(raw, entity.id, facts, api)),
        values={
            Series(entity.id, "storage_full"): float(raw.get("DBInstanceStatus") == "storage-full"),
            Series(entity.id, "failover_count"): 0.0,
        },
        insight=insight if raw.get("PerformanceInsightsEnabled") else None,
    )


def failover(raw: Mapping[str, Any], api: Api) -> Resource:
    """An instance whose standby has taken its place of late."""
    return Resource(values={Series(_id(api, raw["SourceIdentifier"]), "failover_count"): 1.0})


def _endpoints(raw: Mapping[str, Any], id: EntityId, api: Api) -> Iterator[tuple[str, EntityId]]:
    members = raw.get("DBClusterMembers", ())
    writers = [_id(api, _name(each)) for each in members if each.get("IsClusterWriter")]
    readers = [_id(api, _name(each)) for each in members if not each.get("IsClusterWriter")] or writers
    if raw.get("Endpoint"):
        yield raw["Endpoint"], writers[0] if len(writers) == 1 else id
    if raw.get("ReaderEndpoint"):
        yield raw["ReaderEndpoint"], readers[0] if len(readers) == 1 else id
    for host in raw.get("CustomEndpoints", ()):
        yield host, id


def _relations(raw: Mapping[str, Any], id: EntityId, api: Api) -> Iterator[Relation]:
    if source := _source(raw, api):
        yield Relation(id, RelationType.CONSUMES_FROM, source)


def _subjects(raw: Mapping[str, Any], id: EntityId, facts: Mapping[str, float], api: Api) -> Iterator[Subject]:
    dimensions = {"DBInstanceIdentifier": _name(raw)}
    measures = _AURORA if raw.get("Engine", "").startswith("aurora") else _MEASURES
    yield Subject(id, "AWS/RDS", dimensions, measures, facts)
    if source := _source(raw, api):
        yield Subject(source, "AWS/RDS", dimensions, _LAG)


def _source(raw: Mapping[str, Any], api: Api) -> EntityId | None:
    """Whose replica it is; one in another region is named by its ARN, and is not told."""
    name = raw.get("ReadReplicaSourceDBInstanceIdentifier", "")
    return _id(api, name) if name and ":" not in name else None


def _facts(raw: Mapping[str, Any], machine: Machine | None) -> Iterator[tuple[str, float]]:
    yield "storage", raw.get("AllocatedStorage", 0) * _GIB
    if raw.get("Iops"):
        yield "iops", float(raw["Iops"])
    if credits := most_credits(_machine(raw)):
        yield "credits", credits
    if machine:
        yield "processors", machine.processors
        if connections := _connections(raw, machine):
            yield "connections", connections


def _connections(raw: Mapping[str, Any], machine: Machine) -> float | None:
    """The most that the default parameter group allows; other groups may say anything."""
    groups, system = raw.get("DBParameterGroups", ()), _system(raw)
    if system not in _PER_CONNECTION or not all(_group(each).startswith("default.") for each in groups):
        return None
    return min(machine.memory / _PER_CONNECTION[system], _MOST_CONNECTIONS[system])


def _entity(api: Api, name: str, raw: Mapping[str, Any]) -> Entity:
    more = {"db.system.name": _system(raw), "aws.rds.class": raw.get("DBInstanceClass", "")}
    return described(api, EntityType.DATABASE, "rds", name, more)


def _id(api: Api, name: str) -> EntityId:
    return entity_id(EntityType.DATABASE, api.key("rds", name))


def _name(raw: Mapping[str, Any]) -> str:
    return str(raw["DBInstanceIdentifier"])


def _group(raw: Mapping[str, Any]) -> str:
    return str(raw.get("DBParameterGroupName", ""))


def _machine(raw: Mapping[str, Any]) -> str:
    return str(raw.get("DBInstanceClass", "")).removeprefix("db.")


def _system(raw: Mapping[str, Any]) -> str:
    engine = str(raw.get("Engine", ""))
    return _SYSTEMS.get(engine, engine)


SERVICE = Service("rds", (_CLUSTERS, _INSTANCES, _EVENTS, MACHINES), find)
