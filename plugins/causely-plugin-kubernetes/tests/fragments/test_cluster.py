"""What namespaces and nodes say of the topology."""

from causely_plugin_kubernetes.fragments.cluster import namespace, node

from causely_core.model import Relation

from .objects import ids, made


def test_a_node_and_a_namespace_are_in_no_namespace():
    labels = {"topology.kubernetes.io/region": "eu", "topology.kubernetes.io/zone": "eu-1"}
    found = node(made("n1", "", status={"nodeInfo": {"architecture": "arm64"}}, labels=labels))
    assert (found.key, ids(found)) == ("n1", ["Node:n1"])
    assert found.entities[0].attributes == {
        "k8s.node.uid": "u1",
        "host.arch": "arm64",
        "cloud.region": "eu",
        "cloud.availability_zone": "eu-1",
    }
    assert ids(namespace(made("shop", ""))) == ["Namespace:shop"]


def test_a_node_is_the_machine_that_the_provider_knows():
    found = node(made("n1", "", spec={"providerID": "aws:///eu-1a/i-0abc"}))
    assert found.relations == (Relation("Node:aws:///eu-1a/i-0abc", "same_as", "Node:n1"),)
    assert not node(made("n2", "")).relations
