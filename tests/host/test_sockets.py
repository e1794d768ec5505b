"""Who listens where."""

import ipaddress
import os
import socket
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from causely_core.host import Endpoint, HostRoot, Processes, Sockets
from causely_core.host.net_tcp import ESTABLISHED, LISTEN, TcpSocket, parse_sockets

from .trees import tcp

PORTS = st.integers(0, 65535)


def written(address, port):
    words = [address.packed[at : at + 4] for at in range(0, len(address.packed), 4)]
    return f"{''.join(f'{int.from_bytes(word, sys.byteorder):08X}' for word in words)}:{port:04X}"


def shown(address):
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


@given(st.ip_addresses(), PORTS, st.ip_addresses(), PORTS, st.integers(0, 2**32), st.integers(0, 10**6))
def test_a_line(local, port, remote, remote_port, inode, at):
    line = tcp(written(local, port), inode, written(remote, remote_port), "01", at)
    (found,) = parse_sockets(f"header\n{line}\n".encode(), ESTABLISHED)
    assert (found.local_port, found.remote_port, found.inode) == (port, remote_port, inode)
    assert ipaddress.ip_address(found.local) == shown(local)
    assert ipaddress.ip_address(found.remote) == shown(remote)


@given(st.binary())
def test_anything_can_be_read(content):
    list(parse_sockets(content, LISTEN))


def test_only_the_state_that_is_asked_for():
    lines = f"{tcp('0100007F:0050', 1)}\n{tcp('0100007F:0051', 2, '0200007F:0001', '06')}\n".encode()
    assert [each.inode for each in parse_sockets(lines, LISTEN)] == [1]
    assert list(parse_sockets(lines, ESTABLISHED)) == []


def of_tree(tree):
    return [process for process, _ in Processes(tree.root).running()]


def test_each_namespace_has_sockets_of_its_own(tree):
    tree.process(5, "/bin/a", net=100)
    tree.process(6, "/bin/b", net=200)
    for pid in (5, 6):
        tree.sockets(pid, tcp("00000000:0050", pid * 10))
        tree.opens(pid, pid * 10)
    found = Sockets(tree.root).listening(of_tree(tree))
    assert found.pids == {Endpoint(100, "0.0.0.0", 80): 5, Endpoint(200, "0.0.0.0", 80): 6}
    assert found.at(100, "10.0.0.1", 80) == 5
    assert found.at(200, "10.0.0.1", 80) == 6
    assert found.at(300, "10.0.0.1", 80) is None
    assert found.ports == {5: frozenset({80}), 6: frozenset({80})}


def test_of_several_that_share_a_socket_it_is_the_first_but_not_what_started_all(tree):
    tree.process(1, "/sbin/init", started=1)
    tree.sockets(1, tcp("00000000:0050", 7), tcp("00000000:0051", 8))
    for pid, started in ((5, 60), (6, 50)):
        tree.process(pid, "/bin/a", started=started)
        tree.opens(pid, 7)
    tree.opens(1, 7, 8)
    found = Sockets(tree.root).listening(of_tree(tree))
    assert found.at(1, "1.2.3.4", 80) == 6
    assert found.at(1, "1.2.3.4", 81) == 1


def test_when_its_owner_ends_the_socket_goes_to_who_still_holds_it(tree):
    tree.process(5, "/bin/a")
    tree.process(6, "/bin/a")
    tree.sockets(5, tcp("00000000:0050", 7))
    tree.sockets(6, tcp("00000000:0050", 7))
    tree.opens(5, 7)
    tree.opens(6, 7)
    sockets = Sockets(tree.root)
    assert sockets.listening(of_tree(tree)).at(1, "::", 80) == 5
    tree.stat(5, "a", state="Z")
    assert sockets.listening(of_tree(tree)).at(1, "::", 80) == 6


def test_this_process_listens_and_is_connected():
    everyone = [process for process, _ in Processes(HostRoot()).running()]
    namespace = Path("/proc/self/ns/net").stat().st_ino
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        host, port = server.getsockname()
        sockets = Sockets(HostRoot())
        assert sockets.listening(everyone).at(namespace, host, port) == os.getpid()
        mine = [each for each in sockets.connections(everyone) if each.socket.remote_port == port]
        assert [(each.pid, each.namespace, each.socket.local_port) for each in mine] == [
            (os.getpid(), namespace, client.getsockname()[1])
        ]
        assert isinstance(mine[0].socket, TcpSocket)
