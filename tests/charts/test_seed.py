"""The chart against the seed's part "Architecture": a test for each sentence, in its order.

What the sentences say is told here in our own words; the seed itself is in SEED.txt of whoever builds this.
"""

import pytest
import yaml

from .conftest import Objects

PARTS = {"agent", "mediator", "executor", "victoriametrics"}


@pytest.fixture(scope="module")
def everything(helm):
    """The chart with its optional component."""
    return Objects(helm.render({"executor": {"enabled": True}}))


def container(objects, component):
    [(_, pod)] = [each for each in objects.pods() if each[0] == component]
    [found] = pod["containers"]
    return found


def ports(rules):
    return {port["port"] for rule in rules for port in rule.get("ports", ())}


def policy(objects, component):
    return objects.one("NetworkPolicy", component)["spec"]


def component_of(peer):
    return peer.get("podSelector", {}).get("matchLabels", {}).get("app.kubernetes.io/component")


def open_to_all(rules):
    """Addresses without bounds to which rules let through."""
    blocks = [peer["ipBlock"]["cidr"] for rule in rules for peer in rule.get("to", ()) if "ipBlock" in peer]
    return [block for block in blocks if block in ("0.0.0.0/0", "::/0")] + [rule for rule in rules if "to" not in rule]


def test_mediation_has_four_components(everything):
    """Sentence 1: four components are installed into the cluster; the fifth is the self-hosted backend."""
    assert {name for name, _ in everything.pods()} == PARTS | {"analyzer"}


@pytest.mark.parametrize("component", ["mediator", "executor", "analyzer", "victoriametrics"])
def test_components_have_the_least_privileges_by_default(component, everything):
    """Sentence 2."""
    [(_, pod)] = [each for each in everything.pods() if each[0] == component]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container(everything, component)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert not any("hostPath" in volume for volume in pod.get("volumes", ()))
    assert pod["automountServiceAccountToken"] is (component in ("mediator", "executor"))


def test_agents_are_a_daemon_set_on_all_nodes(defaults):
    """Agents, sentence 1."""
    spec = defaults.one("DaemonSet", "agent")["spec"]["template"]["spec"]
    assert spec["tolerations"] == [{"operator": "Exists"}]
    assert "nodeSelector" not in spec
    assert "affinity" not in spec


def test_an_agent_is_privileged_and_root(defaults):
    """Agents, the first two permissions."""
    security = container(defaults, "agent")["securityContext"]
    assert security["privileged"] is True
    assert security["runAsUser"] == 0


def test_an_agent_has_the_nodes_files_read_only(defaults):
    """Agents, the third permission."""
    pod = defaults.one("DaemonSet", "agent")["spec"]["template"]["spec"]
    [volume] = [each for each in pod["volumes"] if "hostPath" in each]
    assert volume["hostPath"]["path"] == "/"
    [mount] = [each for each in container(defaults, "agent")["volumeMounts"] if each["name"] == volume["name"]]
    assert mount["readOnly"] is True


def test_an_agent_has_nothing_beyond_these_permissions(defaults):
    """Agents: the list is complete."""
    pod = defaults.one("DaemonSet", "agent")["spec"]["template"]["spec"]
    assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
    assert not {"capabilities", "procMount"} & container(defaults, "agent")["securityContext"].keys()


def test_an_agent_runs_ebpf(defaults):
    """Agents: what the privileges are for."""
    config = yaml.safe_load(defaults.one("ConfigMap", "agent")["data"]["agent.yaml"])
    assert config["plugins"]["ebpf"] == {}


def test_an_agent_may_read_of_the_api_what_metrics_of_nodes_and_containers_need(defaults):
    """Agents: additional permissions at the Kubernetes API."""
    rules = defaults.one("ClusterRole", "agent")["rules"]
    assert {verb for rule in rules for verb in rule["verbs"]} == {"get", "list", "watch"}
    resources = {resource for rule in rules for resource in rule.get("resources", ())}
    assert resources == {
        *("namespaces", "nodes", "nodes/metrics", "nodes/stats", "pods", "services"),
        *("persistentvolumes", "persistentvolumeclaims", "replicasets", "virtualservices"),
    }


def test_an_agent_connects_to_mediator_and_victoriametrics_only(defaults):
    """Agents: no outbound connections, to the internet or any other service."""
    egress = policy(defaults, "agent")["egress"]
    assert open_to_all(egress) == []
    services = {component_of(peer): ports([rule]) for rule in egress for peer in rule["to"] if component_of(peer)}
    assert services == {"mediator": {50051}, "victoriametrics": {8428}}
    # The rest are name resolution, the API server and the node's own kubelet.
    assert ports(egress) == {53, 50051, 8428, 443, 6443, 10250}
    assert policy(defaults, "agent")["ingress"] == []


def test_agents_forward_to_the_mediator_and_that_to_the_backend(defaults):
    """Agents: the way of topology and manifestations."""
    agent = yaml.safe_load(defaults.one("ConfigMap", "agent")["data"]["agent.yaml"])
    mediator = yaml.safe_load(defaults.one("ConfigMap", "mediator")["data"]["mediator.yaml"])
    assert agent["agent"]["mediator"] == "shop-causely-mediator.watch.svc.cluster.local:50051"
    assert mediator["mediator"]["analyzer"] == "shop-causely-analyzer.watch.svc.cluster.local:50055"
    assert {"ca", "cert", "key"} == agent["agent"]["mediator_tls"].keys() == mediator["mediator"]["agents_tls"].keys()


def test_the_mediator_is_a_deployment(defaults):
    """Mediator, sentence 1."""
    assert defaults.one("Deployment", "mediator")["spec"]["replicas"] == 1


def test_the_mediator_listens_in_the_cluster_for_opentelemetry_and_agents(everything):
    """Mediator, sentence 2; OTLP over HTTP has a port beside that over gRPC."""
    service = everything.one("Service", "mediator")["spec"]
    assert service["type"] == "ClusterIP"
    assert {port["port"] for port in service["ports"]} == {4317, 4318, 50051}
    ingress = policy(everything, "mediator")["ingress"]
    assert ports(ingress) == {4317, 4318, 50051}
    [agents] = [rule for rule in ingress if ports([rule]) == {50051}]
    assert {component_of(peer) for peer in agents["from"]} == {"agent", "executor"}


def test_the_mediator_may_only_read_and_no_secrets(defaults):
    """Mediator, sentence 3: what discovery of the cluster needs."""
    rules = defaults.one("ClusterRole", "mediator")["rules"]
    assert {verb for rule in rules for verb in rule["verbs"]} == {"get", "list", "watch"}
    resources = {resource for rule in rules for resource in rule["resources"]}
    assert not resources & {"secrets", "configmaps", "nodes/proxy", "pods/exec", "pods/log", "*"}
    assert not any("*" in rule["apiGroups"] for rule in rules)


def test_the_mediator_can_be_let_to_other_sources(helm):
    """Mediator, sentence 4: Prometheus or clouds, if that is asked for."""
    prometheus = {"to": [{"namespaceSelector": {}}], "ports": [{"protocol": "TCP", "port": 9090}]}
    assert prometheus not in policy(Objects(helm.render()), "mediator")["egress"]
    asked = {"networkPolicy": {"mediatorEgress": [prometheus]}}
    assert prometheus in policy(Objects(helm.render(asked)), "mediator")["egress"]


def test_the_executors_account_is_cluster_admin(everything):
    """Executor, sentence 1."""
    binding = everything.one("ClusterRoleBinding", "executor")
    assert binding["roleRef"]["name"] == "cluster-admin"
    assert [subject["name"] for subject in binding["subjects"]] == ["shop-causely-executor"]
    others = [each for each in everything.kind("ClusterRoleBinding") if each is not binding]
    assert "cluster-admin" not in {each["roleRef"]["name"] for each in others}


def test_the_executor_is_optional(defaults):
    """Executor, sentence 2: nothing of it is there unless it is switched on."""
    assert [each for each in defaults.all if each["metadata"]["name"].endswith("executor")] == []


def test_victoriametrics_is_used_by_agents_and_mediator(defaults):
    """VictoriaMetrics: the only sentence."""
    assert {port["port"] for port in defaults.one("Service", "victoriametrics")["spec"]["ports"]} == {8428}
    spec = policy(defaults, "victoriametrics")
    assert {component_of(peer) for rule in spec["ingress"] for peer in rule["from"]} == {"agent", "mediator"}
    assert spec["egress"] == []
    for component in ("agent", "mediator"):
        config = yaml.safe_load(defaults.one("ConfigMap", component)["data"][f"{component}.yaml"])
        assert config[component]["timeseries"] == "http://shop-causely-victoriametrics.watch.svc.cluster.local:8428"


def test_nothing_is_told_to_anybody_outside(everything):
    """No phone-home: the only policy that knows the internet is that of a remote analyzer, which is not there."""
    for each in everything.kind("NetworkPolicy"):
        assert open_to_all(each["spec"].get("egress", ())) == []
    assert everything.kind("CronJob") == []
