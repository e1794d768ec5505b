"""One entity, whoever tells of it: Azure, OTLP by names, eBPF by addresses, Kubernetes by its own."""

import secrets

import grpc
import pytest
from causely_plugin_azure import AzurePlugin
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from .resources import ONE, interface, postgresql, private_endpoint, row, service_bus, thing

GROUP = f"azure/{ONE}/shop-rg"
ORDERS = f"Database:{GROUP}/postgresql/orders"
SALES = f"Database:{GROUP}/sql/shop/sales"
MAIL = f"Queue:{GROUP}/servicebus/shop/mail"
PRIVATE = "10.1.2.3"
WORKER = f"Node:azure:///subscriptions/{ONE}/resourceGroups/shop-rg/providers/Microsoft.Compute/virtualMachines/worker"


@pytest.fixture
def plugin():
    return AzurePlugin


@pytest.fixture
def installed():
    return ("otlp",)


@pytest.fixture
def section(azure):
    server, bus, nic = postgresql(), service_bus(), interface("nic", PRIVATE)
    logical = row("Microsoft.Sql/servers", "shop", properties={"fullyQualifiedDomainName": "shop.database.windows.net"})
    azure.rows["resources"] = [server, bus, nic, private_endpoint("link", server["id"], nic), logical]
    azure.rows["resources"] += [row("Microsoft.Sql/servers/databases", "shop", "Sales")]
    azure.rows["resources"] += [row("Microsoft.Compute/virtualMachines", "worker")]
    azure.things[f"{bus['id']}/queues".lower()] = [thing(bus, "queues", "mail")]
    azure.quota = 10_000
    return azure.section(ONE)


async def send(causely, kind, **attributes):
    """One span of the web service, with attributes whose dots are written as underscores."""
    told = {"service.name": "web"}
    span = Span(
        trace_id=secrets.token_bytes(16),
        span_id=secrets.token_bytes(8),
        name="one",
        kind=kind,
        start_time_unix_nano=int((causely.clock.now() - 0.1) * 1e9),
        end_time_unix_nano=int(causely.clock.now() * 1e9),
        attributes=_attributes({name.replace("_", "."): text for name, text in attributes.items()}),
    )
    spans = ResourceSpans(resource=Resource(attributes=_attributes(told)), scope_spans=[ScopeSpans(spans=[span])])
    async with grpc.aio.insecure_channel(causely.otlp) as channel:
        request = ExportTraceServiceRequest(resource_spans=[spans])
        await TraceServiceStub(channel).Export(request, timeout=20, wait_for_ready=True)


def _attributes(told):
    return [KeyValue(key=name, value=AnyValue(string_value=text)) for name, text in told.items()]


def called(causely, type="calls"):
    """What the web service calls, as the mediator has it."""
    relations = causely.mediator.watch.intake.topology.relations
    return {each.target for each in relations if each.type == type and each.source.startswith("Service:")}


async def test_what_spans_and_addresses_mean_is_what_azure_has(causely):
    await causely.until(lambda: {ORDERS, SALES, MAIL} <= causely.mediator.watch.intake.entities.keys(), 60.0)
    client, producer = Span.SPAN_KIND_CLIENT, Span.SPAN_KIND_PRODUCER
    name = "orders.postgres.database.azure.com"
    await send(causely, client, db_system_name="postgresql", server_address=name, server_port="5432", db_namespace="a")
    sql = {"db_system_name": "mssql", "server_address": "shop.database.windows.net", "db_namespace": "Sales"}
    await send(causely, client, **sql)
    await send(causely, producer, messaging_system="servicebus", messaging_destination_name="mail")
    await causely.until(lambda: {ORDERS, SALES} <= called(causely), 60.0)
    await causely.until(lambda: MAIL in called(causely, "produces_to"), 60.0)
    causely.discover(
        f"Service:shop/api calls ExternalService:{PRIVATE}:5432", f"{WORKER} same_as Node:worker", "Node:worker"
    )
    await causely.until(
        lambda: any(
            each.source == "Service:shop/api" and each.target == ORDERS
            for each in causely.mediator.watch.intake.topology.relations
        ),
        60.0,
    )
    databases = {id for id in causely.mediator.watch.intake.entities if id.startswith("Database:")}
    assert databases == {ORDERS, SALES}
    assert "Node:worker" in causely.mediator.watch.intake.entities
    assert WORKER not in causely.mediator.watch.intake.entities
