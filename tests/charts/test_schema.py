"""Wrong values are refused with a line that says where and what; the schema knows every value, and no other."""

import json
import re

import pytest
import yaml

from .conftest import CHART, run_script

WRONG = {
    "an unknown section": ({"agents": {}}, "agents"),
    "an unknown key": ({"agent": {"replicas": 2}}, "/agent.*replicas"),
    "a misspelt key of a plugin": ({"plugins": {"otlp": {"enable": True}}}, "/plugins/otlp.*enable"),
    "an unknown plugin": ({"plugins": {"jaeger": {}}}, "/plugins.*jaeger"),
    "an unknown setting of a plugin": ({"plugins": {"ebpf": {"config": {"sights": 1}}}}, "ebpf/config.*sights"),
    "a choice of a plugin": ({"plugins": {"ebpf": {"config": {"sight": "eyes"}}}}, "sight.*sockets.*syscalls"),
    "a setting below its least": ({"plugins": {"host": {"config": {"interval": 0}}}}, "host/config/interval"),
    "an unknown setting of a component": ({"mediator": {"config": {"anlyzer": "x:1"}}}, "/mediator/config.*anlyzer"),
    "a setting of another type": ({"analyzer": {"config": {"hold": "4s"}}}, "/analyzer/config/hold.*number"),
    "a probability above one": ({"analyzer": {"config": {"min_probability": 2}}}, "min_probability"),
    "a policy that there is not": (
        {"mediator": {"config": {"egress": {"evidence": "ask"}}}},
        "evidence.*allow.*refuse",
    ),
    "text for a switch": ({"executor": {"enabled": "yes please"}}, "/executor/enabled.*boolean"),
    "a security mode that there is not": (
        {"agent": {"securityMode": "root"}},
        "securityMode.*privileged.*capabilities",
    ),
    "a capability in lower case": ({"agent": {"capabilities": ["sys_admin"]}}, "/agent/capabilities/0"),
    "a kubelet without encryption": ({"agent": {"kubelet": {"url": "http://10.0.0.7:10255"}}}, "/agent/kubelet/url"),
    "rights that there are not": ({"executor": {"rbac": {"mode": "admin"}}}, "rbac/mode.*cluster-admin.*scoped"),
    "an address without a port": ({"analyzer": {"remote": {"endpoint": "causely.example.com"}}}, "remote/endpoint"),
    "no URL of VictoriaMetrics": ({"victoriametrics": {"externalUrl": "victoria:8428"}}, "externalUrl"),
    "no time to keep series": ({"victoriametrics": {"retention": "a week"}}, "/victoriametrics/retention"),
    "no replicas": ({"victoriametrics": {"cluster": {"vmselect": {"replicas": 0}}}}, "vmselect/replicas"),
    "a size without a unit that exists": ({"analyzer": {"persistence": {"size": "5GB"}}}, "persistence/size"),
    "an amount of memory": ({"mediator": {"resources": {"limits": {"memory": "1 GB"}}}}, "limits/memory"),
    "an unknown resource": ({"mediator": {"resources": {"limits": {"ram": "1Gi"}}}}, "resources/limits.*ram"),
    "a digest that is none": ({"agent": {"image": {"digest": "latest"}}}, "/agent/image/digest"),
    "a pull policy": ({"mediator": {"image": {"pullPolicy": "Sometimes"}}}, "pullPolicy.*Always"),
    "a package without a version": ({"plugins": {"extra": [{"package": "causely-plugin-acme"}]}}, "extra/0/package"),
    "a hash that is none": ({"plugins": {"extra": [{"package": "a==1", "hashes": ["md5:1"]}]}}, "extra/0/hashes/0"),
    "a component that there is not": (
        {"plugins": {"extra": [{"package": "a==1", "components": ["ui"]}]}},
        "components/0",
    ),
    "an extra plugin without a package": ({"plugins": {"extra": [{"config": {}}]}}, "extra/0.*package"),
    "a provider of certificates": ({"tls": {"provider": "vault"}}, "tls/provider.*certManager"),
    "a certificate for two days": ({"tls": {"chart": {"days": 2}}}, "/tls/chart/days"),
    "an address for a block": ({"networkPolicy": {"nodeCidrs": ["10.0.0.1"]}}, "nodeCidrs/0"),
    "a port that there is not": ({"networkPolicy": {"apiServerPorts": [70000]}}, "apiServerPorts/0"),
    "a level of logs": ({"log": {"level": "trace"}}, "/log/level.*debug"),
    "an empty name of the cluster": ({"global": {"clusterName": ""}}, "/global/clusterName"),
    "labels that are no text": ({"commonLabels": {"tier": 1}}, "/commonLabels/tier.*string"),
    "a pull secret as Kubernetes has it": ({"global": {"imagePullSecrets": [{"name": "pull"}]}}, "imagePullSecrets/0"),
    "a name with capitals": ({"mediator": {"egressKey": {"existingSecret": "MySecret"}}}, "egressKey/existingSecret"),
}
"""What is wrong: values, and what the refusal must say."""

UNFIT = {
    "no analyzer at all": ({"analyzer": {"enabled": False}}, "analyzer.remote.endpoint: expected host:port"),
    "certificates that nobody makes": ({"tls": {"provider": "existing"}}, r"tls.existing.\w+: expected the name"),
    "an index that no policy lets through": (
        {"plugins": {"extra": [{"package": "a==1"}], "source": {"indexUrl": "https://pypi.example.com/simple"}}},
        "plugins.source.indexCidrs: expected the addresses",
    ),
}
"""Values that are right, each for itself."""


@pytest.mark.parametrize("name", [*WRONG, *UNFIT])
def test_a_wrong_value_is_refused_in_a_line_that_names_it(name, helm):
    values, said = {**WRONG, **UNFIT}[name]
    refusal = helm.refusal(values)
    assert any(re.search(said, line) for line in refusal.splitlines()), refusal


def test_the_schema_is_what_the_script_writes():
    assert run_script("schema.py") == ""


def test_every_value_has_a_place_in_the_schema():
    schema = json.loads((CHART / "values.schema.json").read_text())
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    assert list(unknown(values, schema)) == []


def test_no_place_is_open_but_those_that_others_define():
    schema = json.loads((CHART / "values.schema.json").read_text())
    open_ = {path[-1] for path in opened(schema)}
    # Of Kubernetes, or of plugins that the chart does not know.
    assert open_ == {"affinity", "tolerations", "extraEnv", "extraEnvFrom", "topologySpreadConstraints", "rules"} | {
        *("to", "otlpFrom", "apiFrom", "metricsFrom", "agentEgress", "mediatorEgress", "executorEgress"),
        *("analyzerEgress", "config", "egress"),
    }


def unknown(values, schema, above=()):
    """Paths of values that the schema has no place for."""
    properties = schema.get("properties", {})
    for name, value in values.items():
        inside = properties.get(name, schema.get("additionalProperties"))
        if not inside:
            yield from [(*above, name)]
        elif isinstance(value, dict):
            yield from unknown(value, inside, (*above, name))


def opened(schema, above=()):
    """Paths of objects that may hold anything."""
    if schema.get("type") == "object" and "properties" not in schema and "additionalProperties" not in schema:
        yield above
    for name, inside in schema.get("properties", {}).items():
        yield from opened(inside, (*above, name))
    if "items" in schema:
        yield from opened(schema["items"], above)
