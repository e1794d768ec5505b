"""Questions for tracked connections, and their answers."""

import socket
import struct
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.host.ctnetlink import answering, question

PORTS = st.integers(0, 65535)
ADDRESSES = {
    family: st.binary(min_size=size, max_size=size).map(partial(socket.inet_ntop, family))
    for family, size in ((socket.AF_INET, 4), (socket.AF_INET6, 16))
}
ENDS = st.sampled_from(list(ADDRESSES.values())).flatmap(lambda of: st.tuples(*[st.tuples(of, PORTS)] * 2))
ANSWER = struct.pack("=H", 0x8000 | 2)


def answered(asked):
    """The ends of a question as those of an answer: its first attribute gets the type of one."""
    return asked[:6] + ANSWER + asked[8:]


@given(ENDS, st.sampled_from(["tcp", "udp"]))
def test_an_answer_comes_from_its_source(ends, protocol):
    local, remote = ends
    assert answering(answered(question(protocol, local, remote))) == local
    assert answering(question(protocol, local, remote)) is None


@pytest.mark.parametrize("remote", ["::1", "bank", ""])
def test_ends_that_are_not_of_one_family(remote):
    with pytest.raises(ValueError, match="expected"):
        question("tcp", ("10.0.0.1", 1), (remote, 1))


@given(st.binary() | st.binary(max_size=40).map(lambda junk: answered(bytes(8) + junk)))
def test_anything_can_be_read(body):
    answering(body)


@given(ENDS, st.integers(0, 80))
def test_an_answer_that_breaks_off(ends, length):
    answering(answered(question("tcp", *ends))[:length])
