"""Overflows of accept queues, by network namespace."""

import pytest
from causely_plugin_host.overflows import overflows, parse_overflows
from hypothesis import given
from hypothesis import strategies as st

TOLD = ("TcpExt: SyncookiesSent ListenOverflows ListenDrops", "TcpExt: 1 22 333", "IpExt: InNoRoutes", "IpExt: 0")


def test_they_are_read_of_whoever_still_lives(tree):
    tree.write("proc/6/net/netstat", *TOLD)
    assert overflows(tree.root, [5, 6]) == 22
    assert overflows(tree.root, [5]) is None


@pytest.mark.parametrize("content", ["", "TcpExt: ListenOverflows\n", "TcpExt: A\nTcpExt: 1\n", "\n".join(TOLD[2:])])
def test_a_kernel_that_does_not_tell(content):
    assert parse_overflows(content.encode()) is None


@given(st.binary() | st.lists(st.binary(max_size=20)).map(lambda rows: b"\n".join(b"TcpExt: " + row for row in rows)))
def test_anything_can_be_read(content):
    parse_overflows(content)
