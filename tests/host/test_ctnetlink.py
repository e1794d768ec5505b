"""Questions for tracked connections, and their answers."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.host.ctnetlink import answering, question

PORTS = st.integers(0, 65535)
ENDS = st.sampled_from([4, 6]).flatmap(lambda v: st.tuples(*[st.tuples(st.ip_addresses(v=v).map(str), PORTS)] * 2))
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
