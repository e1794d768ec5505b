"""The rights of the chart's service accounts, exercised with their tokens."""

import json
import urllib.error
import urllib.request
from contextlib import aclosing

import pytest
import structlog
import yaml
from causely_plugin_kubernetes import KubernetesConfig
from causely_plugin_kubernetes.discoverer import KubernetesDiscoverer
from opentelemetry.metrics import NoOpMeter
from structlog.testing import capture_logs

from causely_core.hookspecs import HookContext
from causely_core.host import NodePods
from causely_core.kubernetes import ServiceAccount
from causely_core.model import SystemClock

from .calls import KUBELET, READ, REFUSED
from .conftest import Release

NAME = "rights"


@pytest.fixture(scope="module")
def release(cluster, helm4):
    installed = Release(cluster, helm4, cluster.namespace(NAME))
    installed.install({"executor": {"enabled": True}})
    return installed


class Account:
    """A service account of the release, with a token as a pod of it has."""

    def __init__(self, control_plane, cluster, component, folder):
        self.name = f"{NAME}-causely-{component}"
        code, token, err = cluster.kubectl("create", "token", self.name, "-n", NAME)
        assert code == 0, err
        (folder / "token").write_text(token)
        (folder / "ca.crt").write_bytes((control_plane.folder / "ca.crt").read_bytes())
        self.access = ServiceAccount(control_plane.url, folder)

    def status(self, method, path, body=b"{}"):
        """HTTP status of the answer."""
        headers = {**self.access.headers(), "Content-Type": "application/merge-patch+json"}
        if method != "PATCH":
            headers["Content-Type"] = "application/json"
        data = None if method == "GET" else body
        request = urllib.request.Request(self.access.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30, context=self.access.tls()) as answer:
                return answer.status
        except urllib.error.HTTPError as problem:
            return problem.code

    def kubeconfig(self, folder):
        """The same as a file."""
        cluster = {"server": self.access.url, "certificate-authority": str(folder / "ca.crt")}
        whole = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "pod",
            "clusters": [{"name": "pod", "cluster": cluster}],
            "users": [{"name": "pod", "user": {"token": (folder / "token").read_text()}}],
            "contexts": [{"name": "pod", "context": {"cluster": "pod", "user": "pod"}}],
        }
        path = folder / "kubeconfig"
        path.write_text(yaml.safe_dump(whole))
        return path


@pytest.fixture
def account(control_plane, cluster, release, tmp_path):
    return lambda component: Account(control_plane, cluster, component, tmp_path)


@pytest.mark.parametrize("component", READ)
def test_what_is_granted_can_be_listed_and_watched(component, account):
    subject = account(component)
    asked = [f"{path}?{query}" for path in READ[component] for query in ("limit=1", "watch=1&timeoutSeconds=1")]
    answers = {path: subject.status("GET", path) for path in asked}
    assert set(answers.values()) == {200}, answers


@pytest.mark.parametrize("component", READ)
def test_what_is_not_granted_is_refused(component, account):
    subject = account(component)
    assert len(REFUSED) >= 40
    answers = {call: subject.status(*call) for call in REFUSED}
    assert set(answers.values()) == {403}, {call: code for call, code in answers.items() if code != 403}


def test_the_mediator_may_read_no_more_than_is_listed(account, cluster):
    """Of all kinds that the API has, those outside of the list are refused."""
    for component, read in READ.items():
        subject = account(component)
        kinds = [json.loads(cluster.kubectl("get", "--raw", path)[1]) for path in ("/api/v1", *groups(cluster))]
        lists = [
            f"{'/api/v1' if kind['groupVersion'] == 'v1' else '/apis/' + kind['groupVersion']}/{each['name']}"
            for kind in kinds
            for each in kind["resources"]
            if "list" in each["verbs"]
        ]
        allowed = {path for path in lists if subject.status("GET", f"{path}?limit=1") == 200}
        assert {path.split("/")[-1] for path in allowed} == {path.split("/")[-1] for path in read}


def groups(cluster):
    found = json.loads(cluster.kubectl("get", "--raw", "/apis")[1])["groups"]
    return [f"/apis/{each['preferredVersion']['groupVersion']}" for each in found]


async def test_the_mediators_plugin_follows_all_it_looks_for(account, tmp_path):
    account("mediator").kubeconfig(tmp_path)
    config = KubernetesConfig(kubeconfig=tmp_path / "kubeconfig", flush_interval=0.05)
    context = HookContext("mediator", config, SystemClock(), structlog.get_logger(), NoOpMeter("test"), tmp_path)
    with capture_logs() as logs:
        async with aclosing(KubernetesDiscoverer(context).discover()) as told:
            first = await anext(told)
    assert [entry for entry in logs if "forbidden" in str(entry)] == []
    assert {entity.name for entity in first.entities} >= {NAME, "worker-1"}


async def test_the_agent_follows_the_pods_of_its_node(account):
    pods = NodePods(account("agent").access, "worker-1", patience=30.0)
    await pods.refresh()
    assert pods.problem == ""
    await pods.aclose()


def test_the_kubelet_is_told_what_the_agent_may_ask_it_for(account, cluster):
    subject = f"--as=system:serviceaccount:{NAME}:{account('agent').name}"
    may = {
        each: cluster.kubectl("auth", "can-i", "get", "nodes", f"--subresource={each}", subject)[1].strip()
        for each in (*KUBELET, "proxy", "log", "configz")
    }
    assert may == {"metrics": "yes", "stats": "yes", "proxy": "no", "log": "no", "configz": "no"}


def test_the_executor_is_an_administrator_when_it_is_switched_on(account):
    subject = account("executor")
    assert subject.status("GET", "/api/v1/secrets") == 200
    assert subject.status("DELETE", "/api/v1/namespaces/nothing") == 404


@pytest.mark.parametrize("component", ["analyzer", "victoriametrics"])
def test_others_have_no_token_and_no_rights(component, account, cluster):
    assert account(component).status("GET", "/api/v1/pods") == 403
    selector = f"app.kubernetes.io/instance={NAME},app.kubernetes.io/component={component}"
    [workload] = cluster.get("deployments,statefulsets", "-n", NAME, "-l", selector)
    assert workload["spec"]["template"]["spec"]["automountServiceAccountToken"] is False
