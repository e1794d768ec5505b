"""One entity for each thing: what Kubernetes, OpenTelemetry and an agent find of the same pods comes together."""

import asyncio
from secrets import token_hex

import pytest

from causely_core.services.demo.stack import free_ports

from ..host.trees import Tree
from ..services.mediator.worlds import Receiver
from ..services.shop import running
from .following import until
from .merging import Part, export, forward, mediator, seen_by_an_agent


@pytest.fixture
async def analyzer():
    receiver = Receiver()
    await receiver.start()
    yield receiver
    await receiver.stop()


# The containers of tests before are still there, so that each has an id of its own.
@pytest.fixture
def cart(writer, namespace):
    """Its exports come from its own address: loopback's, from which all tests connect."""
    return Part(writer, namespace, "cart", "127.0.0.1", token_hex(32))


@pytest.fixture
def web(writer, namespace):
    return Part(writer, namespace, "web", "10.1.0.8", token_hex(32))


@pytest.fixture
def otlp():
    return free_ports(1)[0]


@pytest.fixture
async def served(tmp_path, analyzer, kubeconfig, otlp):
    async with running(mediator(tmp_path / "mediator", analyzer.port, kubeconfig, otlp)) as one:
        await until(lambda: "kubernetes" in str(list(one.watch.intake.topology.snapshots())))
        yield one


def of(topology, namespace, *types):
    wanted = tuple(f"{type}:" for type in types)
    entities = topology.entities
    return {id for id in entities if id.startswith(wanted) and (namespace in id or "/" not in id)}


async def test_whoever_finds_them_and_whenever_two_pods_are_two_services(served, analyzer, cart, web, otlp, tmp_path):
    namespace, topology = cart.namespace, analyzer.topology
    for part in (cart, web):
        part.deploy()
    address = cart.expose()
    web.expose()
    # Telemetry comes first: nobody knows yet where it is from.
    for told in ({}, {"container.id": cart.id}):
        await asyncio.to_thread(export, otlp, {"service.name": "cart", **told})
    pods = [web.start(), cart.start()]
    await forward(served, seen_by_an_agent(Tree(tmp_path / "host"), pods, f"{address}:80"))
    named = {"k8s.namespace.name": namespace, "k8s.pod.name": cart.pod}
    for told in (named, {"k8s.pod.uid": cart.uid}, {"container.id": cart.id}, {}):
        await asyncio.to_thread(export, otlp, {"service.name": "cart", **told})
    # A short name means something in the caller's namespace only, so that its pod is known before it calls.
    await until(lambda: f"Pod:{namespace}/{web.pod}" in topology.entities)
    calling = {"service.name": "web", "k8s.pod.uid": web.uid}
    await asyncio.to_thread(export, otlp, calling, "cart-svc", f"cart-svc.{namespace}.svc.cluster.local")
    calls = f"Dependency:{namespace}/web-deploy > {cart.service}"

    def merged():
        found = of(topology, namespace, "Service", "Pod", "Container", "ExternalService", "Dependency")
        return found == {
            cart.service, web.service, f"Pod:{namespace}/{cart.pod}", f"Pod:{namespace}/{web.pod}",
            cart.container, web.container, calls,
        }  # fmt: skip

    await until(lambda: merged() and topology.entities[cart.service].name == "cart")
    told = {(relation.source, relation.type, relation.target) for relation in topology.relations}
    assert told >= {
        (web.service, "calls", cart.service),
        (calls, "calls", cart.service),
        (cart.service, "runs_on", cart.container),
        (cart.container, "part_of", f"Pod:{namespace}/{cart.pod}"),
        (f"Pod:{namespace}/{cart.pod}", "owned_by", f"Workload:{namespace}/Deployment/cart-deploy"),
    }
    assert topology.entities[cart.service].attributes["k8s.service.name"] == "cart-svc"
    assert address not in str(list(topology.snapshots()))
    assert cart.uid not in {id.partition(":")[2] for id in topology.entities}


async def test_a_short_name_is_understood_once_the_callers_namespace_is_known(served, analyzer, cart, web, otlp):
    topology, calling = analyzer.topology, {"service.name": "web", "container.id": web.id}
    for part in (cart, web):
        part.deploy()
    cart.expose()
    await asyncio.to_thread(export, otlp, calling, "cart-svc")
    await until(lambda: "ExternalService:cart-svc:80" in topology.entities)
    for part in (cart, web):
        part.start()
    await until(lambda: "ExternalService:cart-svc:80" not in topology.entities)
    await asyncio.to_thread(export, otlp, calling, "cart-svc")
    await until(lambda: (web.service, cart.service) in {(each.source, each.target) for each in topology.relations})
    assert "ExternalService:cart-svc:80" not in topology.entities


async def test_an_address_is_what_answers_there_now(served, analyzer, cart, web, tmp_path):
    cart.ip, topology = "10.1.0.7", analyzer.topology
    for part in (cart, web):
        part.deploy()
    pods = [web.start()]
    delta = seen_by_an_agent(Tree(tmp_path / "host"), pods, "10.1.0.7:80")
    await forward(served, delta)
    await until(lambda: "ExternalService:10.1.0.7:80" in topology.entities)
    cart.start()
    await until(lambda: "ExternalService:10.1.0.7:80" not in topology.entities)
    assert (web.service, cart.service) in {(each.source, each.target) for each in topology.relations}
    cart.writer.delete(f"{cart.core}/pods/{cart.pod}")
    await until(lambda: "ExternalService:10.1.0.7:80" in topology.entities)
    cart.name = "orders"
    cart.deploy()
    cart.start()
    await until(lambda: (web.service, cart.service) in {(each.source, each.target) for each in topology.relations})
    assert "ExternalService:10.1.0.7:80" not in topology.entities
