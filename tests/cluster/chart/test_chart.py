"""The chart on a real API server: what it makes is admitted, kept through upgrades, and gone when it is uninstalled."""

import pytest

from .choices import CHOICES
from .cluster import until
from .conftest import Release

EVERYTHING = {
    "executor": {"enabled": True},
    "monitoring": {each: {"enabled": True} for each in ("podMonitor", "serviceMonitor", "dashboards")},
    "plugins": CHOICES["extra-plugin"]["plugins"],
}


def pods(cluster, release):
    found = cluster.get("pods", "-n", release, "-l", f"app.kubernetes.io/instance={release}")
    return {each["metadata"]["labels"]["app.kubernetes.io/component"] for each in found}


def gone(cluster, release):
    until(lambda: not cluster.belonging(release), f"{release}: {cluster.belonging(release)} is left")


@pytest.mark.parametrize("choice", CHOICES)
def test_each_option_is_admitted_and_leaves_nothing(choice, cluster, helm4):
    release = Release(cluster, helm4, cluster.namespace(choice))
    release.install(CHOICES[choice])
    assert cluster.belonging(choice)
    release.uninstall()
    gone(cluster, choice)


def test_a_release_is_upgraded_rolled_back_and_uninstalled(cluster, helm, request):
    name = cluster.namespace(f"life-{request.node.callspec.params['helm']}")
    release = Release(cluster, helm, name)
    release.install()
    at_first = release.secrets()
    release.upgrade(EVERYTHING)
    after = release.secrets()
    assert after.items() >= at_first.items(), "an upgrade has changed certificates or keys"
    assert set(after) - set(at_first) == {f"{name}-causely-executor-tls"}
    release.rollback(1)
    assert release.secrets() == at_first
    release.uninstall()
    gone(cluster, name)


def test_all_components_get_pods(cluster, helm4):
    release = Release(cluster, helm4, cluster.namespace("pods"))
    release.install(EVERYTHING)
    expected = {"agent", "mediator", "executor", "analyzer", "victoriametrics"}
    until(lambda: pods(cluster, "pods") == expected, f"of {expected} there are pods of {pods(cluster, 'pods')} only")
    release.uninstall()
    gone(cluster, "pods")


def test_all_but_the_agent_is_restricted(cluster, helm4):
    """Pods of a namespace that enforces Kubernetes' strictest standard are refused if they ask for more."""
    name = cluster.namespace("restricted", **{"pod-security.kubernetes.io/enforce": "restricted"})
    release = Release(cluster, helm4, name)
    release.install({**EVERYTHING, "agent": {"enabled": False}})
    expected = {"mediator", "executor", "analyzer", "victoriametrics"}
    until(lambda: pods(cluster, name) == expected, f"of {expected} there are pods of {pods(cluster, name)} only")
    release.uninstall()


def test_certificates_near_their_end_are_replaced_by_an_upgrade(cluster, helm4):
    release = Release(cluster, helm4, cluster.namespace("old"))
    release.install()
    before = release.secrets()
    past = ("--overwrite", "secret/old-causely-mediator-tls", "causely.io/replace-after=1")
    assert cluster.kubectl("annotate", "-n", "old", *past)[0] == 0
    release.upgrade({}, "--force-conflicts")
    after = release.secrets()
    assert {name for name in before if before[name] != after[name]} == {"old-causely-mediator-tls"}
    assert before["old-causely-mediator-tls"]["ca.crt"] == after["old-causely-mediator-tls"]["ca.crt"]
    release.uninstall()


def test_a_certificate_that_was_deleted_is_made_anew_by_the_same_authority(cluster, helm4):
    release = Release(cluster, helm4, cluster.namespace("deleted"))
    release.install()
    before = release.secrets()
    assert cluster.kubectl("delete", "-n", "deleted", "secret/deleted-causely-agent-tls")[0] == 0
    release.upgrade()
    after = release.secrets()
    assert {name for name in before if before[name] != after[name]} == {"deleted-causely-agent-tls"}
    assert before["deleted-causely-agent-tls"]["ca.crt"] == after["deleted-causely-agent-tls"]["ca.crt"]
    release.uninstall()


def test_network_policies_name_the_api_server(cluster, helm4):
    release = Release(cluster, helm4, cluster.namespace("narrow"))
    release.install()
    [policy] = cluster.get("networkpolicy", "narrow-causely-mediator", "-n", "narrow")
    address = cluster.get("service", "kubernetes", "-n", "default")[0]["spec"]["clusterIP"]
    blocks = [
        [peer["ipBlock"]["cidr"] for peer in rule.get("to", ()) if "ipBlock" in peer]
        for rule in policy["spec"]["egress"]
        if {"protocol": "TCP", "port": 443} in rule["ports"]
    ]
    assert blocks == [[f"{address}/32"]]
    release.uninstall()
