"""What each service's resources and metrics become."""

import pytest
from causely_plugin_gcp import GcpConfig
from causely_plugin_gcp.estate import Estate
from causely_plugin_gcp.reading import Reading
from causely_plugin_gcp.services import SERVICES
from causely_plugin_gcp.services.sql_connections import most_connections
from causely_plugin_gcp.telling import TELLING

from causely_core.polling import means

from .google_cloud import GoogleCloud
from .shop import build
from .watching import watched

HOME = "gcp/shop-prod/europe-west1"
EVERYWHERE = "gcp/shop-prod/global"
ORDERS, REPLICA = f"Database:{HOME}/sql/orders", f"Database:{HOME}/sql/orders-replica"
PLACED, MAILS = f"Topic:{EVERYWHERE}/pubsub/placed", f"Queue:{EVERYWHERE}/pubsub/mails"
MAILER, WEB = f"CloudService:{HOME}/run/mailer", f"LoadBalancer:{EVERYWHERE}/forwarding-rule/web"
LEGACY, NODE = "Node:gce://shop-prod/europe-west1-b/legacy-1", "Node:gce://shop-prod/europe-west1-b/gke-shop-1"
DISK = "Disk:pd.csi.storage.gke.io/projects/shop-prod/zones/europe-west1-b/disks/legacy-1"
CARTS, SESSIONS, PRICES = (f"Cache:{HOME}/memorystore/{name}" for name in ("carts", "sessions", "prices"))
LEDGER, CLICKS = f"Database:{EVERYWHERE}/spanner/ledger", f"Database:{EVERYWHERE}/bigtable/clicks"


def estate(cloud, project="shop-prod", **settings):
    reading = Reading(GcpConfig(**settings), tuple(SERVICES.values()))
    found = Estate.of(reading.read(cloud.assets[project], project))
    assert reading.unreadable == 0
    return found


def told_of(found):
    """All relations, with those by which others know a resource by its name."""
    known = [*found.relations(), *(each for entity, hosts in found.hosts().items() for each in means(entity, hosts))]
    return {(each.source, each.type, each.target) for each in known}


@pytest.fixture
def told():
    cloud = GoogleCloud()
    build(cloud)
    return cloud


def test_every_resource_is_an_entity(told):
    assert {each.id for each in estate(told).entities()} >= {
        *(ORDERS, REPLICA, PLACED, MAILS, MAILER, WEB, LEGACY, NODE, DISK, CARTS, SESSIONS, PRICES, LEDGER, CLICKS),
        "Cluster:shop",
    }


@pytest.mark.parametrize(
    "relation",
    [
        (REPLICA, "part_of", ORDERS),
        (PLACED, "routes_to", MAILS),
        (MAILS, "produces_to", f"Topic:{EVERYWHERE}/pubsub/dead"),
        ("ExternalService:mailer-abc-ew.a.run.app", "consumes_from", MAILS),
        ("ExternalService:mailer-abc-ew.a.run.app", "same_as", MAILER),
        (MAILER, "calls", ORDERS),
        (LEGACY, "stores_on", DISK),
        (NODE, "part_of", "Cluster:shop"),
        (WEB, "routes_to", "Service:shop/web"),
        (WEB, "routes_to", LEGACY),
        (WEB, "routes_to", MAILER),
        ("Queue:gcp_pubsub/placed", "same_as", PLACED),
        ("Queue:gcp_pubsub/projects/shop-prod/topics/placed", "same_as", PLACED),
        ("Queue:gcp_pubsub/mails", "same_as", MAILS),
    ],
)
def test_resources_lead_to_each_other(told, relation):
    assert relation in told_of(estate(told))


def test_names_and_addresses_that_are_a_resources_alone_are_known(told):
    assert estate(told).hosts() == {
        ORDERS: ("10.1.2.3", "abc.europe-west1.sql.goog"),
        CARTS: ("10.2.0.3",),
        SESSIONS: ("10.2.0.7",),
        PRICES: ("10.2.0.9",),
        MAILER: ("mailer-abc-ew.a.run.app",),
        WEB: ("34.120.0.1:443",),
    }


def test_regions_and_labels_choose(told):
    assert ORDERS not in {each.id for each in estate(told, regions=["us-east1"]).entities()}
    chosen = {each.id for each in estate(told, labels={"team": "orders"}, regions=["europe-west1"]).entities()}
    assert chosen == {ORDERS, PLACED}


def test_labels_are_told_only_when_they_are_named(told):
    (plain,) = [each for each in estate(told).entities() if each.id == ORDERS]
    (shown,) = [each for each in estate(told, shown_labels=["team"]).entities() if each.id == ORDERS]
    assert "orders" not in plain.attributes.values()
    assert shown.attributes["gcp.label.team"] == "orders"


def test_a_name_that_two_have_means_neither(told):
    told.add(
        "pubsub.googleapis.com/Subscription", "subscriptions/placed", {"topic": "projects/shop-prod/topics/placed"}
    )
    assert "Queue:gcp_pubsub/placed" not in {each.source for each in estate(told).relations()}


def test_projects_may_be_told_by_their_number(told):
    for each in told.assets["shop-prod"]:
        if "pubsub" in each["assetType"] or "redis" in each["assetType"]:
            each["name"] = each["name"].replace("projects/shop-prod/", "projects/123456/")
            each["resource"]["data"] = {"topic": "projects/123456/topics/placed"}
    found = estate(told)
    assert (PLACED, "routes_to", MAILS) in {(each.source, each.type, each.target) for each in found.relations()}
    assert "redis/projects/shop-prod/locations/europe-west1/instances/carts" in found.owners()


def test_a_subscription_whose_topic_was_deleted_has_none(told):
    told.assets["shop-prod"][:] = [each for each in told.assets["shop-prod"] if "pubsub" in each["assetType"]]
    for each in told.assets["shop-prod"]:
        each["resource"]["data"] = {"topic": "_deleted-topic_"}
    assert {each.type for each in estate(told).relations()} == {"same_as"}


@pytest.mark.parametrize(
    ("version", "tier", "flag", "most"),
    [
        ("POSTGRES_16", "db-f1-micro", "", 25),
        ("POSTGRES_16", "db-custom-1-3840", "", 100),
        ("POSTGRES_16", "db-custom-2-7680", "", 400),
        ("POSTGRES_16", "db-custom-16-122880", "", 1000),
        ("POSTGRES_16", "db-perf-optimized-N-4", "", 600),
        ("POSTGRES_16", "db-custom-2-7680", "77", 77),
        ("MYSQL_8_0", "db-g1-small", "", 1000),
        ("MYSQL_8_0", "db-n1-standard-4", "", 4000),
        ("SQLSERVER_2022_STANDARD", "db-custom-2-7680", "", 0),
        ("POSTGRES_16", "db-new-9", "", 0),
    ],
)
def test_an_instance_allows_as_many_connections_as_its_flag_or_its_size_says(version, tier, flag, most):
    flags = [{"name": "max_connections", "value": flag}] if flag else []
    assert most_connections({"databaseVersion": version, "settings": {"tier": tier, "databaseFlags": flags}}) == most


def test_what_is_not_written_as_it_should_be_is_counted(told):
    reading = Reading(GcpConfig(), tuple(SERVICES.values()))
    bad = [{}, {"name": "//x", "assetType": "sqladmin.googleapis.com/Instance", "resource": {"data": 5}}]
    odd = {"name": "//x/y", "assetType": "sqladmin.googleapis.com/Instance", "resource": {"data": {"ipAddresses": [1]}}}
    assert len(list(reading.read([*bad, odd, *told.assets["shop-prod"]], "shop-prod"))) == len(told.assets["shop-prod"])
    assert reading.unreadable == 3


LABELS = {
    "cloudsql_database": {"resource__database_id": "shop-prod:orders"},
    "replica": {"resource__database_id": "shop-prod:orders-replica"},
    "topic": {"resource__topic_id": "placed"},
    "subscription": {"resource__subscription_id": "mails"},
    "redis": {
        "resource__instance_id": "projects/shop-prod/locations/europe-west1/instances/carts",
        "resource__node_id": "0",
    },
    "cluster": {"resource__location": "europe-west1", "resource__cluster_id": "sessions"},
    "valkey": {"resource__location": "europe-west1", "resource__instance_id": "prices"},
    "run": {"resource__location": "europe-west1", "resource__service_name": "mailer"},
    "lb": {"resource__forwarding_rule_name": "web", "resource__region": "global"},
    "spanner": {"resource__instance_id": "ledger", "resource__location": "europe-west1"},
    "bigtable": {"resource__instance": "clicks", "resource__cluster": "clicks-c1"},
    "vm": {"resource__instance_id": "22"},
    "device": {"resource__instance_id": "22", "metric__device_name": "boot"},
    "gke": {"resource__location": "europe-west1", "resource__cluster": "shop"},
}

MEASURED = [
    ("cloudsql.googleapis.com/database/disk/utilization", "cloudsql_database", 0.93, ORDERS, "disk_utilization", 0.93),
    (
        "cloudsql.googleapis.com/database/postgresql/num_backends",
        "cloudsql_database",
        150,
        ORDERS,
        "connection_utilization",
        0.75,
    ),
    ("cloudsql.googleapis.com/database/replication/replica_lag", "replica", 9, ORDERS, "replication_lag", 9),
    ("cloudsql.googleapis.com/database/up", "cloudsql_database", 0, ORDERS, "gcp.down", 1),
    ("pubsub.googleapis.com/topic/message_sizes", "topic", 600, PLACED, "publish_rate", 10),
    ("pubsub.googleapis.com/topic/send_request_latencies", "topic", 20_000, PLACED, "request_duration.p95", 0.02),
    ("pubsub.googleapis.com/subscription/num_undelivered_messages", "subscription", 40, MAILS, "backlog", 40),
    ("pubsub.googleapis.com/subscription/oldest_unacked_message_age", "subscription", 70, PLACED, "consumer_lag", 70),
    (
        "pubsub.googleapis.com/subscription/oldest_unacked_message_age",
        "subscription",
        70,
        MAILS,
        "gcp.oldest_message_age",
        70,
    ),
    ("redis.googleapis.com/stats/cache_hit_ratio", "redis", 0.9, CARTS, "cache_miss_rate", 0.1),
    ("redis.googleapis.com/stats/memory/usage_ratio", "redis", 0.8, CARTS, "memory_utilization", 0.8),
    ("redis.googleapis.com/stats/cpu_utilization_main_thread", "redis", 0.3, CARTS, "cpu_utilization", 0.3),
    ("redis.googleapis.com/cluster/memory/maximum_utilization", "cluster", 0.7, SESSIONS, "memory_utilization", 0.7),
    ("memorystore.googleapis.com/instance/cpu/maximum_utilization", "valkey", 0.6, PRICES, "cpu_utilization", 0.6),
    ("run.googleapis.com/request_latencies", "run", 250, MAILER, "request_duration.p95", 0.25),
    ("run.googleapis.com/container/instance_count", "run", 9, MAILER, "gcp.instance_utilization", 0.9),
    ("loadbalancing.googleapis.com/https/total_latencies", "lb", 80, WEB, "request_duration.p95", 0.08),
    (
        "spanner.googleapis.com/instance/cpu/utilization_by_priority",
        "spanner",
        0.7,
        LEDGER,
        "gcp.high_priority_cpu",
        0.7,
    ),
    ("bigtable.googleapis.com/cluster/cpu_load_hottest_node", "bigtable", 0.95, CLICKS, "gcp.hottest_node_cpu", 0.95),
    ("compute.googleapis.com/instance/cpu/utilization", "vm", 0.5, LEGACY, "cpu_utilization", 0.5),
    ("agent.googleapis.com/memory/percent_used", "vm", 40, LEGACY, "memory_utilization", 0.4),
    ("compute.googleapis.com/instance/disk/average_io_latency", "device", 4000, DISK, "disk_io_duration.p95", 0.004),
    (
        "prometheus.googleapis.com/apiserver_request_duration_seconds/histogram",
        "gke",
        0.2,
        "Cluster:shop",
        "api_server_duration.p95",
        0.2,
    ),
]


async def test_every_metric_is_the_value_of_its_entity(cloud, tmp_path):
    build(cloud)
    for type in dict.fromkeys(row[0] for row in MEASURED):
        kind, value = next(row[1:3] for row in MEASURED if row[0] == type)
        cloud.measure(type, value, **LABELS[kind])
    async with watched(tmp_path, cloud.section(tmp_path)) as found:
        await found.until(lambda: {(row[3], row[4]) for row in MEASURED} <= found.values.keys())
        for _, _, _, entity, attribute, value in MEASURED:
            assert found.values[entity, attribute] == pytest.approx(value), attribute
        assert found.values["Cluster:shop", "gcp.degraded"] == 0.0
        assert not found.said


@pytest.mark.parametrize(
    ("type", "kind", "label", "counts", "entity", "shares"),
    [
        (
            "run.googleapis.com/request_count",
            "run",
            "metric__response_code",
            {"200": 6.0, "429": 1.0, "503": 3.0},
            MAILER,
            {"error_rate": 0.3, "throttled_rate": 0.1, "request_rate": 10.0},
        ),
        (
            "loadbalancing.googleapis.com/https/request_count",
            "lb",
            "metric__response_code",
            {"200": 3.0, "502": 1.0},
            WEB,
            {"error_rate": 0.25, "throttled_rate": 0.0, "request_rate": 4.0},
        ),
        (
            "pubsub.googleapis.com/topic/send_request_count",
            "topic",
            "metric__response_class",
            {"success": 9.0, "internal": 1.0},
            PLACED,
            {"error_rate": 0.1, "request_rate": 10.0},
        ),
        (
            "spanner.googleapis.com/api/api_request_count",
            "spanner",
            "metric__status",
            {"OK": 7.0, "NOT_FOUND": 1.0, "UNAVAILABLE": 2.0},
            LEDGER,
            {"error_rate": 0.2, "request_rate": 10.0},
        ),
    ],
)
async def test_shares_of_requests_are_told_by_how_they_ended(
    cloud, tmp_path, type, kind, label, counts, entity, shares
):
    build(cloud)
    for outcome, value in counts.items():
        cloud.measure(type, value, **LABELS[kind], **{label: outcome})
    async with watched(tmp_path, cloud.section(tmp_path)) as found:
        await found.until(lambda: (entity, "error_rate") in found.values)
        assert {name: found.values[entity, name] for name in shares} == pytest.approx(shares)
        assert found.values[entity, "request_count"] == pytest.approx(shares["request_rate"] * TELLING)


async def test_a_replica_that_nobody_asks_misses_nothing(cloud, tmp_path):
    build(cloud)
    for node, found_there in (("0", 0.9), ("1", 0.0)):
        labels = LABELS["redis"] | {"resource__node_id": node}
        cloud.measure("redis.googleapis.com/stats/cache_hit_ratio", found_there, **labels)
    async with watched(tmp_path, cloud.section(tmp_path)) as found:
        await found.until(lambda: (CARTS, "cache_miss_rate") in found.values)
        assert found.values[CARTS, "cache_miss_rate"] == pytest.approx(0.1)


async def test_failures_that_are_counted_apart_are_divided_by_all_requests(cloud, tmp_path):
    build(cloud)
    cloud.measure("bigtable.googleapis.com/server/request_count", 8.0, **LABELS["bigtable"])
    cloud.measure("bigtable.googleapis.com/server/error_count", 2.0, **LABELS["bigtable"])
    async with watched(tmp_path, cloud.section(tmp_path)) as found:
        await found.until(lambda: (CLICKS, "error_rate") in found.values)
        assert found.values[CLICKS, "error_rate"] == 0.25
