"""What the networks of pods lose."""

import pytest
from causely_plugin_host.counters import Counters
from causely_plugin_host.network import pod_dropped


def packets(tree, pid, passed, dropped):
    loopback = "    lo: 1 99999 0 99999 0 0 0 0 1 0 0 0 0 0 0 0"
    tree.write(f"proc/{pid}/net/dev", loopback, f"  eth0: 1 {passed} 0 {dropped} 0 0 0 0 1 0 0 0 0 0 0 0")


def lost(tree, pid):
    """Between two readings."""
    counters = Counters()
    for now, (passed, dropped) in enumerate([(1000, 0), (1900, 100)]):
        packets(tree, pid, passed, dropped)
        counters.begin(now)
        found = pod_dropped(tree.root, pid, "Pod:shop/cart-1", counters)
    return found


@pytest.mark.parametrize(("network", "loss"), [("net:[2]", 0.1), ("net:[1]", None)])
def test_a_pod_has_losses_of_its_own_unless_it_shares_the_nodes_network(tree, network, loss):
    tree.link("proc/1/ns/net", "net:[1]")
    tree.link("proc/5/ns/net", network)
    assert lost(tree, 5) == loss


def test_a_network_that_may_not_be_looked_at_is_not_known(tree):
    assert lost(tree, 5) is None
