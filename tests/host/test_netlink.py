"""Questions to the kernel."""

import errno
import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.host.netlink import DUMP, HEAD, REQUEST, SOCK_DIAG, Netlink, walk

DATA, ERROR, DONE = 20, 2, 3


def message(body, kind=DATA):
    return HEAD.pack(HEAD.size + len(body), kind, 0, 0, 0) + body + bytes(-len(body) % 4)


@given(st.lists(st.binary(max_size=40)), st.booleans())
def test_every_message_is_found(bodies, last):
    sent = [message(body) for body in bodies]
    starts, done = walk(b"".join(sent) + (message(b"", DONE) if last else b""))
    assert starts == [sum(map(len, sent[:at])) for at in range(len(sent))]
    assert done is last


@given(st.binary())
def test_anything_can_be_walked(content):
    try:
        starts, _ = walk(content)
    except OSError:
        return
    assert all(start + HEAD.unpack_from(content, start)[0] <= len(content) for start in starts)


def test_a_refusal_is_an_error_and_an_acknowledgement_is_none():
    assert walk(message(struct.pack("=i", 0), ERROR)) == ([], False)
    with pytest.raises(OSError, match="No such file") as refused:
        walk(message(struct.pack("=i", -errno.ENOENT), ERROR))
    assert refused.value.errno == errno.ENOENT


def all_listening(family):
    return struct.pack("=BBBBI48x", family, socket.IPPROTO_TCP, 0, 0, 1 << 10)


def test_the_kernel_answers_with_all_or_with_what_is_enough():
    with socket.create_server(("127.0.0.1", 0)) as server, Netlink(SOCK_DIAG) as kernel:
        answer = kernel.ask(20, REQUEST | DUMP, all_listening(socket.AF_INET))
        ports = {struct.unpack_from(">H", body, 4)[0] for body in answer.bodies}
        assert answer.complete
        assert server.getsockname()[1] in ports
    with Netlink(SOCK_DIAG) as kernel:
        assert not kernel.ask(20, REQUEST | DUMP, all_listening(socket.AF_INET), most=0).complete


def test_the_kernel_refuses():
    with Netlink(SOCK_DIAG) as kernel, pytest.raises(OSError, match=r".+"):
        kernel.ask(20, REQUEST | DUMP, b"")
