"""A shop in Google Cloud: one of everything, as Cloud Asset Inventory describes it."""

COMPUTE = "https://www.googleapis.com/compute/v1/projects"
ZONE = "zones/europe-west1-b"


def build(cloud, project="shop-prod"):
    """Tell of all of it."""
    for part in (_stores, _messages, _machines, _balancer):
        part(cloud, project)


def _stores(cloud, project):
    region = "europe-west1"
    orders = {
        "databaseVersion": "POSTGRES_16",
        "ipAddresses": [{"type": "PRIVATE", "ipAddress": "10.1.2.3"}, {"type": "OUTGOING", "ipAddress": "34.1.1.1"}],
        "dnsName": "abc.europe-west1.sql.goog.",
        "settings": {"databaseFlags": [{"name": "max_connections", "value": "200"}], "userLabels": {"team": "orders"}},
    }
    cloud.add("sqladmin.googleapis.com/Instance", "instances/orders", orders, region, project)
    replica = {"databaseVersion": "POSTGRES_16", "masterInstanceName": f"{project}:orders"}
    cloud.add("sqladmin.googleapis.com/Instance", "instances/orders-replica", replica, region, project)
    cloud.add(
        "redis.googleapis.com/Instance", f"locations/{region}/instances/carts", {"host": "10.2.0.3"}, region, project
    )
    endpoints = {"discoveryEndpoints": [{"address": "10.2.0.7", "port": 6379}]}
    cloud.add("redis.googleapis.com/Cluster", f"locations/{region}/clusters/sessions", endpoints, region, project)
    connection = {"pscAutoConnection": {"ipAddress": "10.2.0.9"}}
    valkey = {"endpoints": [{"connections": [connection]}]}
    cloud.add("memorystore.googleapis.com/Instance", f"locations/{region}/instances/prices", valkey, region, project)
    spanner = {"config": f"projects/{project}/instanceConfigs/regional-europe-west1"}
    cloud.add("spanner.googleapis.com/Instance", "instances/ledger", spanner, project=project)
    cloud.add("bigtableadmin.googleapis.com/Instance", "instances/clicks", {"displayName": "clicks"}, project=project)


def _messages(cloud, project):
    cloud.add("pubsub.googleapis.com/Topic", "topics/placed", {"labels": {"team": "orders"}}, project=project)
    cloud.add("pubsub.googleapis.com/Topic", "topics/dead", {}, project=project)
    pushed = {
        "topic": f"projects/{project}/topics/placed",
        "deadLetterPolicy": {"deadLetterTopic": f"projects/{project}/topics/dead"},
        "pushConfig": {"pushEndpoint": "https://mailer-abc-ew.a.run.app/messages"},
    }
    cloud.add(
        "pubsub.googleapis.com/Subscription",
        "subscriptions/mails",
        pushed,
        project=project,
    )
    run = {
        "spec": {
            "template": {
                "metadata": {
                    "annotations": {
                        "autoscaling.knative.dev/maxScale": "10",
                        "run.googleapis.com/cloudsql-instances": f"{project}:europe-west1:orders",
                    }
                }
            }
        },
        "status": {"url": "https://mailer-abc-ew.a.run.app"},
    }
    cloud.add("run.googleapis.com/Service", "locations/europe-west1/services/mailer", run, "europe-west1", project)


def _machines(cloud, project):
    cloud.add(
        "container.googleapis.com/Cluster",
        "locations/europe-west1/clusters/shop",
        {"status": "RUNNING"},
        "europe-west1",
        project,
    )
    for name, number, labels, group in (
        ("gke-shop-1", "11", {"goog-k8s-cluster-name": "shop"}, ""),
        ("legacy-1", "22", {}, "legacy"),
    ):
        data = {
            "id": number,
            "labels": labels,
            "disks": [{"source": f"{COMPUTE}/{project}/{ZONE}/disks/{name}", "deviceName": "boot"}],
            "metadata": {
                "items": [{"key": "created-by", "value": f"projects/123456/{ZONE}/instanceGroupManagers/{group}"}]
                if group
                else []
            },
        }
        cloud.add("compute.googleapis.com/Instance", f"{ZONE}/instances/{name}", data, "europe-west1-b", project)
        cloud.add("compute.googleapis.com/Disk", f"{ZONE}/disks/{name}", {"sizeGb": "10"}, "europe-west1-b", project)


def _balancer(cloud, project):
    def add(kind, path, data, location="global"):
        cloud.add(f"compute.googleapis.com/{kind}", path, data, location, project)

    base = f"{COMPUTE}/{project}"
    rule = {"IPAddress": "34.120.0.1", "portRange": "443-443", "target": f"{base}/global/targetHttpsProxies/web"}
    add("GlobalForwardingRule", "global/forwardingRules/web", rule | {"loadBalancingScheme": "EXTERNAL_MANAGED"})
    add("TargetHttpsProxy", "global/targetHttpsProxies/web", {"urlMap": f"{base}/global/urlMaps/web"})
    matcher = {
        "defaultService": f"{base}/global/backendServices/pods",
        "pathRules": [{"service": f"{base}/global/backendServices/legacy"}],
        "routeRules": [
            {"routeAction": {"weightedBackendServices": [{"backendService": f"{base}/global/backendServices/run"}]}}
        ],
    }
    add(
        "UrlMap",
        "global/urlMaps/web",
        {"defaultService": f"{base}/global/backendServices/pods", "pathMatchers": [matcher]},
    )
    for name, group in (
        ("pods", f"{ZONE}/networkEndpointGroups/k8s1-web"),
        ("legacy", f"{ZONE}/instanceGroups/legacy"),
        ("run", "regions/europe-west1/networkEndpointGroups/mailer"),
    ):
        add(
            "BackendService",
            f"global/backendServices/{name}",
            {"backends": [{"group": f"{base}/{group}"}], "healthChecks": ["x"]},
        )
    described = '{"cluster-uid":"1","namespace":"shop","service-name":"web","port":"80"}'
    add("NetworkEndpointGroup", f"{ZONE}/networkEndpointGroups/k8s1-web", {"description": described}, "europe-west1-b")
    add(
        "NetworkEndpointGroup",
        "regions/europe-west1/networkEndpointGroups/mailer",
        {"cloudRun": {"service": "mailer"}},
        "europe-west1",
    )
    add("InstanceGroup", f"{ZONE}/instanceGroups/legacy", {"size": 1}, "europe-west1-b")
