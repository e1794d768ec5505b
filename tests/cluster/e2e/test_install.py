"""From ``helm install`` to a root cause and back to nothing, as an operator would go about it."""

import time

import httpx
import pytest

from .conftest import ROOT

pytestmark = pytest.mark.alone

CAUSELY, SHOP = ROOT / "charts" / "causely", ROOT / "examples" / "shop" / "kubernetes"
VALUES = ROOT / "tests" / "cluster" / "e2e" / "values.yaml"
READY, FIRST, DIAGNOSED, GONE = 300.0, 180.0, 180.0, 120.0
QUIET = 20.0
"""Seconds without a symptom of the shop after which its start is over."""
SERVICES = 12
"""Of the shop, each in a pod of its own."""
COMPONENTS = ("agent", "analyzer", "mediator", "victoriametrics")


class Analyzer:
    """Its API, at the address of its Service."""

    def __init__(self, address):
        self._client = httpx.Client(base_url=f"http://{address}:8080/api/v1", timeout=10.0, trust_env=False)

    def items(self, what, **asked):
        """What it knows; nothing while it does not answer."""
        try:
            answer = self._client.get(f"/{what}", params={"limit": 500, **asked})
        except httpx.TransportError:
            return []
        return answer.json()["items"] if answer.status_code == 200 else []

    def related(self, entity, relation):
        """Ids of what an entity has this relation to."""
        return [
            each["target"] for each in self.items("relations", entity=entity, type=relation) if each["source"] == entity
        ]

    def services(self):
        """Ids of the services that run in the shop's pods, however many have told of them."""
        found = self.items("relations", type="runs_on")
        return {each["source"] for each in found if each["target"].startswith("Container:shop/")}

    def malfunction(self):
        """The root cause of the fault; on a busy machine there may be others, of the machine."""
        found = self.items("root-causes", active=True)
        named = [each for each in found if (each["name"], each["cause"]) == ("recommendations", "Malfunction")]
        return named[0] if named else None


class Quiet:
    """True once no symptom of the shop's services was active for :data:`QUIET` seconds."""

    def __init__(self, analyzer):
        self._analyzer, self._since = analyzer, time.monotonic()

    def __call__(self):
        if any("shop/" in each["entity"] for each in self._analyzer.items("symptoms", active=True)):
            self._since = time.monotonic()
        return time.monotonic() - self._since > QUIET


@pytest.fixture(scope="module")
def installed(node, kubectl, helm):
    """The analyzer of the installed chart; prints how long the first topology has taken."""
    began = time.monotonic()
    helm("install", "causely", CAUSELY, "--namespace=causely", "--create-namespace", f"--values={VALUES}")
    where = kubectl("get", "service", "causely-analyzer", "-n", "causely", "-o", "jsonpath={.spec.clusterIP}")
    analyzer = Analyzer(where)
    node.until("there is a topology", lambda: analyzer.items("entities", type="Pod"), FIRST)
    print(f"\nfrom helm install to the first topology: {time.monotonic() - began:.1f} s")
    return analyzer


@pytest.fixture(scope="module")
def shop(installed, node, kubectl, helm):
    """The shop, whose usual behaviour is known."""
    endpoint = "http://causely-mediator.causely:4317"
    image = "docker.io/causely/shop:e2e"
    helm(
        "install",
        "shop",
        SHOP,
        "--namespace=shop",
        "--create-namespace",
        f"--set=otlpEndpoint={endpoint},image={image}",
    )
    node.until("the shop is up", lambda: ready(kubectl, "shop", SERVICES), READY)
    node.until("all of it is known", lambda: len(installed.services()) == SERVICES, READY)
    node.until("it is quiet", Quiet(installed), READY)


def ready(kubectl, namespace, count):
    pods = kubectl("get", "pods", "-n", namespace, "-o", "json")["items"]
    conditions = [each for pod in pods for each in pod["status"].get("conditions", ())]
    return sum((each["type"], each["status"]) == ("Ready", "True") for each in conditions) == len(pods) == count


def test_all_components_become_ready(installed, node, kubectl):
    node.until("all pods are ready", lambda: ready(kubectl, "causely", len(COMPONENTS)), READY)


def test_the_chart_finds_that_it_works(installed, helm):
    said = helm("test", "causely", "--namespace=causely")
    assert "Phase:          Succeeded" in said


def test_what_ebpf_and_opentelemetry_tell_of_a_service_is_of_one(installed, shop, kubectl):
    names = {each["metadata"]["name"] for each in kubectl("get", "deployments", "-n", "shop", "-o", "json")["items"]}
    assert installed.services() == {f"Service:shop/{name}" for name in names}
    called = [each["name"] for each in installed.items("entities", type="Service") if each["name"] in names]
    assert len(called) == SERVICES
    assert [each["id"] for each in installed.items("entities", type="Node")] == ["Node:node-1"]


def test_a_fault_is_diagnosed_with_its_pod_and_workload(installed, shop, node, kubectl):
    node.until("the fault is there", lambda: injected(kubectl, "error-leaf"))

    found = node.until("the fault is named", installed.malfunction, DIAGNOSED)

    [pod] = kubectl("get", "pods", "-n", "shop", "-l", "app.kubernetes.io/name=recommendations", "-o", "json")["items"]
    pod_id, workload = f"Pod:shop/{pod['metadata']['name']}", "Workload:shop/Deployment/recommendations"
    [container] = installed.related(found["entity"], "runs_on")
    assert installed.related(container, "part_of") == [pod_id]
    [replicas] = installed.related(pod_id, "owned_by")
    assert workload in [replicas, *installed.related(replicas, "owned_by")]


def test_uninstalling_leaves_nothing(installed, shop, node, kubectl, helm):
    helm("uninstall", "shop", "--namespace=shop")
    helm("uninstall", "causely", "--namespace=causely")

    node.until("all is gone", lambda: not left(kubectl), GONE)


def injected(kubectl, fault):
    """False where the API server does not get through: its first connection to a kubelet may be cut."""
    command = f"echo inject {fault} > /tmp/commands"
    try:
        kubectl("exec", "-n", "shop", "deployment/recommendations", "--", "sh", "-c", command)
    except AssertionError:
        return False
    return True


def left(kubectl):
    """What there is of the release, of any kind."""
    kinds = ",".join(kubectl("api-resources", "--verbs=list", "-o", "name").split())
    found = kubectl("get", kinds, "-A", "-l", "app.kubernetes.io/instance=causely", "-o", "json")["items"]
    notes = kubectl("get", "secrets", "-A", "-l", "owner=helm", "-o", "json")["items"]
    return [(each["kind"], each["metadata"]["name"]) for each in (*found, *notes)]
