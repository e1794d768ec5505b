"""Resources as Azure describes them."""

ONE = "aaaaaaaa-0000-0000-0000-000000000001"
TWO = "bbbbbbbb-0000-0000-0000-000000000002"


def resource_id(type, *names, subscription=ONE, group="Shop-RG"):
    """``/subscriptions/…/providers/Microsoft.Cache/Redis/carts``."""
    provider, *types = type.split("/")
    inside = "/".join(f"{kind}/{name}" for kind, name in zip(types, names, strict=True))
    return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/{provider}/{inside}"


def row(type, *names, location="westeurope", subscription=ONE, group="Shop-RG", **more):
    """A row of Resource Graph."""
    id = resource_id(type, *names, subscription=subscription, group=group)
    return {
        "id": id,
        "name": "/".join(names),
        "type": type.lower(),
        "location": location,
        "resourceGroup": group.lower(),
        "subscriptionId": subscription,
        "kind": "",
        "sku": None,
        "tags": {},
        "properties": {},
        **more,
    }


def postgresql(name="orders", **more):
    """A flexible server."""
    properties = {"fullyQualifiedDomainName": f"{name}.postgres.database.azure.com", "administratorLogin": "root"}
    return row("Microsoft.DBforPostgreSQL/flexibleServers", name, properties=properties, **more)


def service_bus(name="shop", **more):
    """A namespace."""
    properties = {"serviceBusEndpoint": f"https://{name}.servicebus.windows.net:443/"}
    return row("Microsoft.ServiceBus/namespaces", name, properties=properties, **more)


def thing(parent, kind, name):
    """A queue or topic as Azure Resource Manager lists it."""
    return {
        "id": f"{parent['id']}/{kind}/{name}",
        "name": name,
        "type": f"Microsoft.ServiceBus/namespaces/{kind}",
        "properties": {"status": "Active"},
    }


def interface(name, address, machine=None):
    """A network interface."""
    inside = {"privateIPAddress": address}
    properties = {"ipConfigurations": [{"name": "ipconfig1", "properties": inside}]}
    if machine:
        properties["virtualMachine"] = {"id": machine}
    return row("Microsoft.Network/networkInterfaces", name, properties=properties)


def private_endpoint(name, target, *interfaces):
    """A private endpoint of ``target``."""
    link = {"name": name, "properties": {"privateLinkServiceId": target}}
    properties = {
        "privateLinkServiceConnections": [link],
        "networkInterfaces": [{"id": each["id"]} for each in interfaces],
    }
    return row("Microsoft.Network/privateEndpoints", name, properties=properties)
