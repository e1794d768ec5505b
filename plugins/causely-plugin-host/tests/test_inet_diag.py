"""Diagnostics of sockets, as the kernel lays them out."""

import numpy as np
from causely_plugin_host.inet_diag import ESTABLISHED, LISTEN, parse
from hypothesis import given
from hypothesis import strategies as st

from causely_core.host.netlink import HEAD, walk

from .diagnostics import information, told

COUNTS = st.integers(0, 2**32 - 1)
OTHER = st.lists(st.tuples(st.integers(3, 30), st.binary(max_size=30)), max_size=5)


def read(content):
    return parse(content, walk(content)[0])


@given(COUNTS, COUNTS, COUNTS, COUNTS, OTHER, OTHER)
def test_a_connection(round_trip, sent_ago, again, sent, before, behind):
    info = information(round_trip=round_trip, sent_ago=sent_ago, again=again, sent=sent)
    (row,) = read(told(ESTABLISHED, inode=7, cookie=2**40 + 5, attributes=[*before, (2, info), *behind]))
    assert (row["inode"], row["cookie"], row["listening"]) == (7, 2**40 + 5, False)
    assert (row["sent_ago"], row["sent_again"], row["sent"]) == (sent_ago / 1e3, again, sent)
    assert row["round_trip"] == round_trip / 1e6 or (round_trip == 0 and np.isnan(row["round_trip"]))


@given(COUNTS, COUNTS)
def test_who_listens(waiting, backlog):
    (row,) = read(told(LISTEN, waiting=waiting, backlog=backlog, attributes=[(2, information(round_trip=9))]))
    assert (row["listening"], row["waiting"], row["backlog"]) == (True, waiting, backlog)
    assert np.isnan(row["round_trip"])


def test_an_old_kernel_does_not_count_segments_sent():
    (row,) = read(told(ESTABLISHED, attributes=[(2, information(round_trip=5, again=3, sent=4)[:104])]))
    assert (row["round_trip"], row["sent_again"]) == (5e-6, 3)
    assert np.isnan(row["sent"])


def test_each_is_read_by_itself_and_one_without_information_is_there():
    content = b"".join((told(ESTABLISHED, inode=1), told(LISTEN, inode=2, backlog=3), told(ESTABLISHED, inode=3)))
    rows = read(content)
    assert rows["inode"].tolist() == [1, 2, 3]
    assert rows["listening"].tolist() == [False, True, False]
    assert np.isnan(rows["sent"]).all()


@given(st.lists(st.binary(max_size=200)))
def test_anything_can_be_read(bodies):
    content = b"".join(HEAD.pack(HEAD.size + len(body), 20, 0, 0, 0) + body + bytes(-len(body) % 4) for body in bodies)
    assert len(read(content)) == sum(len(body) >= 72 for body in bodies)


@given(st.binary(max_size=60))
def test_anything_may_be_in_the_attributes(junk):
    head = told(ESTABLISHED, inode=5)[HEAD.size :]
    content = HEAD.pack(HEAD.size + len(head) + len(junk), 20, 0, 0, 0) + head + junk + bytes(-len(junk) % 4)
    assert read(content)["inode"].tolist() == [5]


def test_no_answer():
    assert len(parse(b"", ())) == 0
