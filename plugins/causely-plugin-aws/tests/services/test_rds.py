"""Databases."""

from ..watching import watched
from ..world import key

ORDERS = f"Database:{key('rds', 'orders')}"


async def test_an_instance_is_found_and_measured(tmp_path, section, world):
    raw = world.database()
    for metric, value in (("CPUUtilization", 80.0), ("FreeStorageSpace", 5 * 2.0**30), ("DatabaseConnections", 450.0)):
        world.measure("AWS/RDS", metric, {"DBInstanceIdentifier": "orders"}, value)
    async with watched(tmp_path, section) as seen:
        await seen.until(lambda: (ORDERS, "disk_utilization") in seen.values and ORDERS in seen.topology.entities)
    assert seen.values[ORDERS, "cpu_utilization"] == 0.8
    assert seen.values[ORDERS, "disk_utilization"] == 0.95
    assert 0.45 < seen.values[ORDERS, "connection_utilization"] < 0.55  # 8 GiB allow 901
    assert (f"ExternalService:{raw['Endpoint']['Address']}", "same_as", ORDERS) in seen.relations
    assert seen.topology.entities[ORDERS].attributes["db.system.name"] == "postgresql"


async def test_a_replica_reads_from_its_source_and_its_lag_is_the_sources(tmp_path, section, world):
    world.database()
    world.client("rds").create_db_instance_read_replica(
        DBInstanceIdentifier="replica", SourceDBInstanceIdentifier="orders"
    )
    world.measure("AWS/RDS", "ReplicaLag", {"DBInstanceIdentifier": "replica"}, 42.0)
    async with watched(tmp_path, section) as seen:
        await seen.until(lambda: (ORDERS, "replication_lag") in seen.values and seen.relations)
    assert seen.values[ORDERS, "replication_lag"] == 42.0
    assert (f"Database:{key('rds', 'replica')}", "consumes_from", ORDERS) in seen.relations


async def test_the_endpoint_of_a_cluster_means_the_instance_that_writes(tmp_path, section, world):
    rds = world.client("rds")
    cluster = rds.create_db_cluster(
        DBClusterIdentifier="shop", Engine="aurora-postgresql", MasterUsername="u", MasterUserPassword="for-tests-only"
    )["DBCluster"]
    rds.create_db_instance(
        DBInstanceIdentifier="shop-1",
        DBInstanceClass="db.r5.large",
        Engine="aurora-postgresql",
        DBClusterIdentifier="shop",
    )
    one, shop = f"Database:{key('rds', 'shop-1')}", f"Database:{key('rds', 'shop')}"
    async with watched(tmp_path, section) as seen:
        await seen.until(lambda: {one, shop} <= set(seen.topology.entities))
    assert (one, "part_of", shop) in seen.relations
    assert (f"ExternalService:{cluster['Endpoint']}", "same_as", one) in seen.relations


async def test_whoever_sees_only_its_address_means_it_too(tmp_path, section, front, world):
    world.database()
    front.lacking.address = "localhost"
    async with watched(tmp_path, section, services=["rds"], resolve=True) as seen:
        await seen.until(lambda: ("ExternalService:127.0.0.1", "same_as", ORDERS) in seen.relations)


async def test_a_failover_and_storage_that_is_full_are_told(tmp_path, section, front, world):
    world.database()
    front.lacking.failover = True
    front.lacking.status = "storage-full"
    async with watched(tmp_path, section, services=["rds"]) as seen:
        await seen.until(lambda: seen.values.get((ORDERS, "failover_count")) == 1.0)
    assert seen.values[ORDERS, "storage_full"] == 1.0
