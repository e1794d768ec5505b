"""Mediator and analyzer as processes, by the chart's configuration and the rights of its service accounts."""

import sys
from contextlib import ExitStack, contextmanager

import httpx
import yaml
from attrs import define, field

from causely_core.services.demo.process import child
from causely_core.services.demo.stack import Stack, free_ports

RBAC = "/apis/rbac.authorization.k8s.io/v1"
PATHS = {
    "ClusterRole": f"{RBAC}/clusterroles",
    "ClusterRoleBinding": f"{RBAC}/clusterrolebindings",
    "Role": f"{RBAC}/namespaces/{{namespace}}/roles",
    "RoleBinding": f"{RBAC}/namespaces/{{namespace}}/rolebindings",
    "ServiceAccount": "/api/v1/namespaces/{namespace}/serviceaccounts",
}
TLS = ("tls", "agents_tls", "analyzer_tls", "mediator_tls")
"""What is left out: names in the chart's certificates are not those of this machine."""


@define
class Release:
    """What the chart renders, as far as an API server is to know of it."""

    objects: list
    namespace: str

    def install(self, writer):
        writer.create("/api/v1/namespaces", {"metadata": {"name": self.namespace}})
        for each in self.objects:
            if path := PATHS.get(each["kind"]):
                writer.create(path.format(namespace=self.namespace), each)

    def configuration(self, part):
        """Of a part, as its pod would read it."""
        (found,) = (
            each["data"] for each in self.objects if each["kind"] == "ConfigMap" and f"{part}.yaml" in each["data"]
        )
        return yaml.safe_load(found[f"{part}.yaml"])

    def token(self, part, writer):
        """Of a part's service account."""
        (account,) = (
            each["metadata"]["name"]
            for each in self.objects
            if each["kind"] == "ServiceAccount" and each["metadata"]["name"].endswith(part)
        )
        path = f"/api/v1/namespaces/{self.namespace}/serviceaccounts/{account}/token"
        return writer.create(path, {"spec": {}})["status"]["token"]

    def account(self, part, writer, control_plane, folder):
        """The files of it that a kubelet mounts into a pod."""
        folder.mkdir(parents=True)
        (folder / "token").write_text(self.token(part, writer))
        (folder / "ca.crt").write_bytes((control_plane.folder / "ca.crt").read_bytes())
        return folder

    def kubeconfig(self, part, writer, control_plane, folder):
        """The rights of a part's service account, by its token."""
        token = self.token(part, writer)
        whole = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "here",
            "clusters": [
                {
                    "name": "here",
                    "cluster": {
                        "server": control_plane.url,
                        "certificate-authority": str(control_plane.folder / "ca.crt"),
                    },
                }
            ],
            "users": [{"name": part, "user": {"token": token}}],
            "contexts": [{"name": "here", "context": {"cluster": "here", "user": part}}],
        }
        (folder / f"{part}.kubeconfig").write_text(yaml.safe_dump(whole))
        return str(folder / f"{part}.kubeconfig")


@define
class Processes:
    """The parts of a release as processes of this machine."""

    release: Release
    folder: object
    stack: Stack = field(init=False)
    agents: str = field(init=False)
    _held: ExitStack = field(factory=ExitStack, init=False)

    def start(self, kubeconfig):
        link, agents, api, otlp, http, *admin = free_ports(7)
        self.agents = agents
        analyzer = {"listen": link, "api_listen": api}
        self._held.enter_context(self._running("analyzer", admin[0], analyzer=analyzer))
        watched = {"kubeconfig": kubeconfig, "flush_interval": 0.1, "conditions_interval": 0.5}
        plugins = {"kubernetes": watched, "otlp": {"grpc_endpoint": otlp, "http_endpoint": http}}
        told = {"agents_listen": agents, "analyzer": link, "timeseries": "", "detection_interval": 0.5}
        self._held.enter_context(self._running("mediator", admin[1], plugins=plugins, mediator=told))
        self.stack = Stack(f"http://{api}", f"http://{admin[1]}", f"http://{otlp}")

    @contextmanager
    def agent(self, node, url, account):
        """An agent of this machine as the one of ``node``; it asks the API server with an account, and no kubelet."""
        (admin,) = free_ports(1)
        here = {"api_url": url, "api_account": str(account), "kubelet_url": ""}
        host = {**here, "interval": 1.0, "discovery_interval": 1.0}
        told = {"name": f"agent/{node}", "mediator": self.agents, "timeseries": "", "host_root": "/"}
        told |= {"node": node, "detection_interval": 0.5}
        with self._running("agent", admin, plugins={"host": host}, agent=told, NODE_NAME=node, NODE_IP="127.0.0.1"):
            yield

    def stop(self):
        self._held.close()

    def found(self, *places):
        """Entity and cause of each root cause of now, best first, where one of ``places`` is in the entity's id."""
        found = self._items("root-causes", active=True)
        return [(each["entity"], each["cause"]) for each in found if any(place in each["entity"] for place in places)]

    def services(self, namespace):
        """The services that run in a namespace, however many have told of them, and in which container each."""
        found = self._items("relations", type="runs_on")
        found = [each for each in found if each["source"].startswith("Service:")]
        return {each["source"]: each["target"] for each in found if f"Container:{namespace}/" in each["target"]}

    def symptoms(self, namespace):
        """Names of the symptoms that entities of a namespace have now."""
        found = self._items("symptoms", active=True)
        return {each["name"] for each in found if f":{namespace}/" in each["entity"]}

    def _items(self, kind, **parameters):
        try:
            return self.stack.items(kind, **parameters)
        except httpx.HTTPError:
            return []

    def _running(self, part, admin, **changed):
        environment = {"CAUSELY_EGRESS_KEY": "0" * 64}
        environment |= {name: changed.pop(name) for name in ("NODE_NAME", "NODE_IP") if name in changed}
        config = self.release.configuration(part)
        config |= {"data_dir": str(self.folder / part), "admin_listen": admin}
        for section, values in changed.items():
            config[section] = {key: value for key, value in config.get(section, {}).items() if key not in TLS} | values
        path = self.folder / f"{part}.yaml"
        path.write_text(yaml.safe_dump(config))
        command = [sys.executable, "-m", "causely_core", part, "--config", str(path)]
        return child(command, self.folder / f"{part}.log", environment)
