"""One entity, whoever tells of it: Google Cloud, OTLP by names, eBPF by addresses, Kubernetes by its own."""

import secrets

import grpc
import pytest
from causely_plugin_gcp import GcpPlugin
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from .shop import build

ORDERS = "Database:gcp/shop-prod/europe-west1/sql/orders"
TOPIC, MAILS = "Topic:gcp/shop-prod/global/pubsub/placed", "Queue:gcp/shop-prod/global/pubsub/mails"
CARTS = "Cache:gcp/shop-prod/europe-west1/memorystore/carts"
LEGACY = "Node:gce://shop-prod/europe-west1-b/legacy-1"


@pytest.fixture
def plugin():
    return GcpPlugin


@pytest.fixture
def installed():
    return ("otlp",)


@pytest.fixture
def section(cloud, tmp_path):
    build(cloud)
    return cloud.section(tmp_path)


def attributes(told):
    return [KeyValue(key=name, value=AnyValue(string_value=text)) for name, text in told.items()]


async def send(causely, kind, told):
    """One span of the web service."""
    now = int(causely.clock.now() * 1e9)
    span = Span(
        trace_id=secrets.token_bytes(16),
        span_id=secrets.token_bytes(8),
        name="one",
        kind=kind,
        start_time_unix_nano=now - 100_000_000,
        end_time_unix_nano=now,
        attributes=attributes(told),
    )
    resource = Resource(attributes=attributes({"service.name": "web"}))
    spans = ResourceSpans(resource=resource, scope_spans=[ScopeSpans(spans=[span])])
    async with grpc.aio.insecure_channel(causely.otlp) as channel:
        request = ExportTraceServiceRequest(resource_spans=[spans])
        await TraceServiceStub(channel).Export(request, timeout=20, wait_for_ready=True)


def ends(causely):
    relations = causely.mediator.watch.intake.topology.relations
    return {(each.source, str(each.type), each.target) for each in relations}


async def known(causely):
    seen = causely.mediator.watch.intake
    await causely.until(lambda: {ORDERS, TOPIC, MAILS, CARTS, LEGACY} <= seen.entities.keys(), 60.0)


STATEMENT = {"db.system.name": "postgresql", "db.namespace": "shop", "server.address": "abc.europe-west1.sql.goog"}
MESSAGE = {"messaging.system": "gcp_pubsub"}


@pytest.mark.parametrize(
    ("kind", "told", "relation"),
    [
        (Span.SPAN_KIND_CLIENT, STATEMENT, ("calls", ORDERS)),
        (Span.SPAN_KIND_CLIENT, {"db.system.name": "redis", "server.address": "10.2.0.3"}, ("calls", CARTS)),
        (Span.SPAN_KIND_PRODUCER, MESSAGE | {"messaging.destination.name": "placed"}, ("produces_to", TOPIC)),
        (
            Span.SPAN_KIND_CONSUMER,
            MESSAGE | {"messaging.destination.name": "mails", "messaging.operation.type": "process"},
            ("consumes_from", MAILS),
        ),
    ],
    ids=["database", "cache", "topic", "subscription"],
)
async def test_spans_speak_of_resources(causely, kind, told, relation):
    await known(causely)
    await send(causely, kind, told)
    await causely.until(lambda: ("Service:web", *relation) in ends(causely), 60.0)


async def test_addresses_and_names_of_kubernetes_are_resources(causely):
    await known(causely)
    causely.discover(
        "Service:shop/web calls Database:postgresql/10.1.2.3:5432/shop",
        "Service:shop/cart calls ExternalService:10.1.2.3:5432",
        "Node:gce://shop-prod/europe-west1-b/legacy-1 same_as Node:legacy",
        "Pod:shop/cart-1 runs_on Node:legacy",
    )
    expected = {
        ("Service:shop/web", "calls", ORDERS),
        ("Service:shop/cart", "calls", ORDERS),
        ("Pod:shop/cart-1", "runs_on", "Node:legacy"),
        ("CloudService:gcp/shop-prod/europe-west1/run/mailer", "consumes_from", MAILS),
        ("LoadBalancer:gcp/shop-prod/global/forwarding-rule/web", "routes_to", "Node:legacy"),
    }
    await causely.until(lambda: expected <= ends(causely), 60.0)
    seen = causely.mediator.watch.intake.entities
    assert not {id for id in seen if "10.1.2.3" in id or id == LEGACY}
