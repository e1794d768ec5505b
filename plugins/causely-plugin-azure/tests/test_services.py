"""What each service's resources become, and what its metrics mean."""

import pytest
from causely_plugin_azure import telling
from causely_plugin_azure.metrics.numbers import Numbers
from causely_plugin_azure.metrics.plan import MOST_METRICS, parts
from causely_plugin_azure.resource import Resource
from causely_plugin_azure.services import SERVICES

from .resources import ONE, interface, private_endpoint, resource_id, row

GROUP = f"azure/{ONE}/shop-rg"


def told(*rows):
    """Entities and relations that resources become; services in regions left out."""
    resources = {each.known_by: each for each in map(Resource.read, rows)}
    found = telling.known(resources.values(), SERVICES)
    everything = telling.inventory(resources, found)
    relations = {(each.source, str(each.type), each.target) for each in telling.relations(found, everything, {})}
    regions = {each for each in relations if each[1] == "part_of" and each[2].count("/") == 2}
    return {each.id for each in found}, relations - regions


def measured(metrics, *rows):
    """Attributes of the first of the resources, given the numbers of its metrics, in every aggregation."""
    resources = [Resource.read(each) for each in rows]
    (known, *_) = telling.known(resources[:1], SERVICES)
    numbers = Numbers()
    for (name, value), number in metrics.items():
        for aggregation in ("average", "total", "maximum", "minimum", "count"):
            numbers.add(name, aggregation, value, 60.0, number)
    return {
        measure.attribute: value
        for measure in known.service.measures
        for thing, _, value in numbers.measured(measure, known.resource)
        if not thing
    }


def means(address, id):
    return (f"ExternalService:{address}", "same_as", id)


SQL_SERVER = row("Microsoft.Sql/servers", "shop", properties={"fullyQualifiedDomainName": "shop.database.windows.net"})
SQL = row("Microsoft.Sql/servers/databases", "shop", "Orders")
COSMOS = row(
    "Microsoft.DocumentDB/databaseAccounts",
    "carts",
    properties={
        "documentEndpoint": "https://carts.documents.azure.com:443/",
        "readLocations": [{"documentEndpoint": "https://carts-westeurope.documents.azure.com:443/"}],
    },
)
REDIS = row("Microsoft.Cache/Redis", "sessions", properties={"hostName": "sessions.redis.cache.windows.net"})
HUBS = row(
    "Microsoft.EventHub/namespaces",
    "events",
    properties={"serviceBusEndpoint": "https://events.servicebus.windows.net:443/"},
)
PLAN = row("Microsoft.Web/serverfarms", "plan")
APP = row(
    "Microsoft.Web/sites",
    "front",
    kind="app,linux",
    properties={
        "defaultHostName": "front.azurewebsites.net",
        "hostNames": ["shop.example", "front.azurewebsites.net"],
        "serverFarmId": PLAN["id"],
    },
)
FUNCTION = row("Microsoft.Web/sites", "mailer", kind="functionapp", properties={"serverFarmId": PLAN["id"]})
DISK = row("Microsoft.Compute/disks", "data", properties={"diskIOPSReadWrite": 500, "diskMBpsReadWrite": 100})
MACHINE = row(
    "Microsoft.Compute/virtualMachines",
    "worker",
    properties={"storageProfile": {"osDisk": {"managedDisk": {"id": DISK["id"].replace("Shop-RG", "SHOP-RG")}}}},
)
AKS = row(
    "Microsoft.ContainerService/managedClusters",
    "prod",
    properties={"fqdn": "prod.hcp.westeurope.azmk8s.io", "nodeResourceGroup": "MC_shop_prod"},
)
INSTANCE = row("Microsoft.Compute/virtualMachineScaleSets/virtualMachines", "aks-pool", "3", group="MC_shop_prod")
NODE = (
    f"Node:azure:///subscriptions/{ONE}/resourceGroups/mc_shop_prod/providers/Microsoft.Compute/"
    "virtualMachineScaleSets/aks-pool/virtualMachines/3"
)
WORKER = f"Node:azure:///subscriptions/{ONE}/resourceGroups/shop-rg/providers/Microsoft.Compute/virtualMachines/worker"


def test_a_database_of_sql_is_meant_with_the_servers_name_and_its_own():
    nic = interface("nic", "10.0.0.9")
    ids, relations = told(SQL_SERVER, SQL, nic, private_endpoint("link", SQL_SERVER["id"], nic))
    database = f"Database:{GROUP}/sql/shop/orders"
    assert ids == {database}
    spoken = {each for each, type, target in relations if (type, target) == ("same_as", database)}
    assert "Database:mssql/shop.database.windows.net:1433/Orders" in spoken
    assert "Database:microsoft.sql_server/10.0.0.9:1433/Orders" in spoken
    assert not [each for each in spoken if each.startswith("ExternalService")]


def test_the_master_database_is_nobodys():
    assert told(SQL_SERVER, row("Microsoft.Sql/servers/databases", "shop", "master"))[0] == set()


def test_an_account_of_cosmos_is_meant_in_each_region():
    ids, relations = told(COSMOS)
    assert ids == {f"Database:{GROUP}/cosmos/carts"}
    for name in ("carts", "carts-westeurope"):
        assert means(f"{name}.documents.azure.com", *ids) in relations


def test_a_cache_is_meant_by_its_name():
    ids, relations = told(REDIS)
    assert relations == {means("sessions.redis.cache.windows.net", *ids)}


def test_an_event_hub_is_a_topic_of_kafka_too():
    hub = row("Microsoft.EventHub/namespaces/eventhubs", "events", "Orders")
    ids, relations = told(HUBS, hub)
    topic = f"Topic:{GROUP}/eventhubs/events/orders"
    assert topic in ids
    assert ("Topic:kafka/Orders", "same_as", topic) in relations
    assert (topic, "part_of", f"CloudService:{GROUP}/eventhubs/events") in relations


def test_apps_and_functions_run_on_their_plan():
    ids, relations = told(PLAN, APP, FUNCTION)
    plan, app = f"CloudService:{GROUP}/appservice/plan", f"CloudService:{GROUP}/appservice/front"
    assert ids == {plan, app, f"CloudService:{GROUP}/functions/mailer"}
    assert {(app, "runs_on", plan), means("shop.example", app)} <= relations


def test_machines_are_nodes_by_the_names_that_kubernetes_has_for_them():
    ids, relations = told(AKS, INSTANCE, MACHINE, DISK)
    disk = f"Disk:disk.csi.azure.com/{DISK['id']}"
    assert ids == {"Cluster:prod", NODE, WORKER, disk}
    assert {(NODE, "part_of", "Cluster:prod"), (WORKER, "stores_on", disk)} <= relations
    assert (disk.replace("Shop-RG", "shop-rg"), "same_as", disk) in relations


def test_machines_of_a_set_have_the_values_of_their_name():
    whole = row("Microsoft.Compute/virtualMachineScaleSets", "aks-pool", group="MC_shop_prod")
    resources = {each.known_by: each for each in map(Resource.read, (whole, INSTANCE))}
    (known, *_) = telling.known(resources.values(), SERVICES)
    assert {**known.things} == {"aks-pool_3": NODE}
    assert (NODE, "part_of", known.id) in told(whole, INSTANCE)[1]


def test_a_gateway_routes_to_machines_names_and_addresses():
    nic, other = interface("nic", "10.0.0.4", MACHINE["id"]), interface("other", "10.0.0.5", MACHINE["id"])
    pool = {
        "backendAddresses": [{"ipAddress": "10.0.0.4"}, {"ipAddress": "10.9.9.9"}, {"fqdn": "Front.azurewebsites.net"}],
        "backendIPConfigurations": [{"id": f"{other['id']}/ipConfigurations/ipconfig1"}],
    }
    gateway = row(
        "Microsoft.Network/applicationGateways",
        "edge",
        properties={
            "backendAddressPools": [{"properties": pool}],
            "frontendIPConfigurations": [{"properties": {"privateIPAddress": "10.0.1.1"}}],
        },
    )
    _, relations = told(gateway, MACHINE, nic, other)
    edge = f"LoadBalancer:{GROUP}/applicationgateway/edge"
    targets = {target for source, type, target in relations if (source, type) == (edge, "routes_to")}
    assert targets == {WORKER, "ExternalService:10.9.9.9", "ExternalService:front.azurewebsites.net"}
    assert means("10.0.1.1", edge) in relations


@pytest.mark.parametrize(
    ("resource", "metrics", "attributes"),
    [
        (SQL, {("dtu_consumption_percent", ""): 99.0, ("deadlock", ""): 6.0}, {"azure.capacity_utilization": 0.99}),
        (SQL, {("sessions_percent", ""): 50.0}, {"connection_utilization": 0.5}),
        (
            COSMOS,
            {("TotalRequests", "200"): 60.0, ("TotalRequests", "429"): 40.0},
            {"throttled_rate": 0.4, "request_count": 100.0, "error_rate": 0.0},
        ),
        (COSMOS, {("NormalizedRUConsumption", ""): 100.0}, {"azure.capacity_utilization": 1.0}),
        (
            REDIS,
            {("cachemisses", ""): 1.0, ("cachehits", ""): 3.0, ("evictedkeys", ""): 120.0},
            {"cache_miss_rate": 0.25, "eviction_rate": 2.0},
        ),
        (REDIS, {("usedmemorypercentage", ""): 95.0, ("serverLoad", ""): 80.0}, {"memory_utilization": 0.95}),
        (HUBS, {("IncomingRequests", ""): 10.0, ("ThrottledRequests", ""): 1.0}, {"throttled_rate": 0.1}),
        (PLAN, {("CpuPercentage", ""): 97.0, ("HttpQueueLength", ""): 30.0}, {"azure.http_queue_length": 30.0}),
        (
            APP,
            {("Requests", ""): 100.0, ("Http5xx", ""): 5.0, ("HttpResponseTime", ""): 0.25},
            {"error_rate": 0.05, "azure.request_duration": 0.25},
        ),
        (
            DISK,
            {("Composite Disk Read Operations/sec", ""): 250.0, ("Composite Disk Write Operations/sec", ""): 0.0},
            {"disk_iops_utilization": 0.5},
        ),
        (MACHINE, {("CPU Credits Remaining", ""): 2.0}, {"azure.credits_exhausted": 1.0}),
        (MACHINE, {("Available Memory Percentage", ""): 5.0}, {"memory_utilization": 0.95}),
        (AKS, {("cluster_autoscaler_unschedulable_pods_count", ""): 3.0}, {"unschedulable_pods": 3.0}),
    ],
)
def test_metrics_are_attributes_in_their_units(resource, metrics, attributes):
    found = measured(metrics, resource)
    assert {name: pytest.approx(found[name]) for name in attributes} == attributes


def test_a_gateway_without_hosts_has_no_share_of_them():
    gateway = row("Microsoft.Network/applicationGateways", "edge")
    healthy = {("HealthyHostCount", ""): 3.0, ("UnhealthyHostCount", ""): 1.0}
    assert measured(healthy, gateway)["unhealthy_target_share"] == 0.25
    assert "unhealthy_target_share" not in measured(dict.fromkeys(healthy, 0.0), gateway)


@pytest.mark.parametrize("service", [each for each in SERVICES if each.measures], ids=lambda each: each.type)
def test_what_is_measured_fits_into_requests(service):
    for (grain, split), measures in parts(service).items():
        terms = [term for measure in measures for term in measure.terms]
        assert {term.split for term in terms} == {split}
        assert len({term.metric for term in terms}) <= MOST_METRICS
        assert grain % 60 == 0


def test_ids_are_the_same_however_azure_writes_them():
    name = resource_id("Microsoft.Cache/Redis", "sessions")
    shouted = {**REDIS, "id": name.upper().replace("/SUBSCRIPTIONS", "/subscriptions")}
    assert told(shouted)[0] == told(REDIS)[0]
