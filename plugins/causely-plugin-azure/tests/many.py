"""Five thousand resources, as a large company has them."""

from .resources import ONE, TWO, postgresql, row, service_bus, thing

KINDS = (
    "Microsoft.Sql/servers/databases",
    "Microsoft.DocumentDB/databaseAccounts",
    "Microsoft.Cache/Redis",
    "Microsoft.Web/sites",
    "Microsoft.Compute/virtualMachines",
    "Microsoft.Compute/disks",
)
METRICS = {
    "cpu_percent": 20.0,
    "Percentage CPU": 20.0,
    "storage_percent": 40.0,
    "TotalRequests": {"200": 600.0, "429": 1.0},
    "usedmemorypercentage": 50.0,
    "Requests": 100.0,
    "Http5xx": 1.0,
    "IncomingRequests": 100.0,
    "IncomingMessages": {"q": 60.0},
}


def fill(azure, number=5000):
    """Put ``number`` resources in two subscriptions and two regions; one in fifty is a namespace with two queues."""
    rows = [_one(index) for index in range(number)]
    azure.rows["resources"] = rows
    for each in rows:
        azure.metrics[each["id"].lower()] = METRICS
        if each["type"] == "microsoft.servicebus/namespaces":
            azure.things[f"{each['id']}/queues".lower()] = [thing(each, "queues", name) for name in ("q", "r")]
    return len(rows) + 2 * len(azure.things)


def _one(index):
    place = {"subscription": (ONE, TWO)[index % 2], "location": ("westeurope", "eastus")[index // 2 % 2]}
    if index % 50 == 0:
        return service_bus(f"bus{index}", **place)
    if index % 50 == 1:
        return row("Microsoft.EventHub/namespaces", f"hubs{index}", **place)
    if index % 10 < 3:
        return postgresql(f"db{index}", **place)
    kind = KINDS[index % len(KINDS)]
    names = [f"in{index}"] * (kind.count("/") - 1) + [f"r{index}"]
    return row(kind, *names, **place)
