"""Bytes by service, and connections whose end was not told."""

import numpy as np
from causely_plugin_ebpf import records
from causely_plugin_ebpf.flows import Flows, summed
from hypothesis import given
from hypothesis import strategies as st

from .makers import owner

OWNERS = {1: owner("shop"), 2: owner("shop"), 3: owner("web")}


def connections(*rows):
    """Open connections: id, process, bytes sent and received of each."""
    found = np.zeros(len(rows), records.CONN)
    for place, (id, pid, sent, received) in enumerate(rows):
        for name, value in {"id": id, "tgid": pid, "sent": sent, "received": received}.items():
            found[place][name] = value
    return found


def rates(flows, open, closed, now):
    return {(each.entity, each.attribute): value for each, value in flows.values(open, closed, now)}


def test_bytes_of_open_and_closed_connections_are_told_by_service():
    flows = Flows(OWNERS.get)
    assert rates(flows, connections((1, 1, 100, 10)), {}, 1000.0) == {}
    found = rates(flows, connections((2, 2, 50, 5), (3, 3, 7, 8)), {1: (300, 40), 9: (1, 1)}, 1010.0)
    assert found["Service:shop", "network_sent_rate"] == (300 - 100 + 50) / 10
    assert found["Service:shop", "network_received_rate"] == (40 - 10 + 5) / 10
    assert found["Service:web", "network_received_rate"] == 0.8
    assert {entity for entity, _ in found} == {"Service:shop", "Service:web"}


def test_what_the_kernel_has_forgotten_does_not_count_backwards():
    flows = Flows(OWNERS.get)
    rates(flows, connections((1, 1, 100, 10)), {}, 1000.0)
    assert rates(flows, connections((2, 1, 20, 20)), {}, 1010.0)["Service:shop", "network_sent_rate"] == 0.0


ROWS = st.lists(st.tuples(st.integers(1, 99), st.integers(0, 3), st.integers(0, 2**40), st.integers(0, 2**40)))


@given(ROWS, st.dictionaries(st.integers(1, 5), st.tuples(st.integers(0, 2**40), st.integers(0, 2**40))))
def test_sums_are_those_of_all_connections(rows, closed):
    found = summed(connections(*rows), closed)
    for pid in {1, 2, 3, *closed}:
        of_process = [(sent, received) for _, holder, sent, received in rows if holder == pid]
        wanted = tuple(map(sum, zip(closed.get(pid, (0, 0)), *of_process, strict=True)))
        assert found.get(pid, (0, 0)) == wanted
    assert 0 not in found


def test_a_connection_that_is_missing_twice_is_gone():
    flows = Flows(OWNERS.get)
    assert flows.gone([1, 2, 3], connections((1, 1, 0, 0))) == []
    assert flows.gone([1, 2, 3, 4], connections((1, 1, 0, 0), (3, 1, 0, 0))) == [2]
    assert flows.gone([1, 3, 4], connections((1, 1, 0, 0), (3, 1, 0, 0))) == [4]
    assert flows.gone([1, 3], connections((1, 1, 0, 0), (3, 1, 0, 0))) == []
