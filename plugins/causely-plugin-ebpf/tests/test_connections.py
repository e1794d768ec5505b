"""Who is at the other end of a connection."""

from causely_plugin_ebpf.connection import Address, Connection, address
from causely_plugin_ebpf.connections import Connections
from causely_plugin_ebpf.records import CLIENT, SERVER

from .makers import owner

WEB, CALLER = Address("10.0.0.1", 80), Address("10.0.0.2", 4321)
TRANSLATED = Address("172.16.0.1", 80)


def accepted(id=1):
    return Connection(id, 7, 3, SERVER, remote=CALLER, owner=owner("web"))


def dialled(id=2, remote=WEB, local=CALLER):
    return Connection(id, 8, 4, CLIENT, remote=remote, local=local, owner=owner("caller"))


def test_a_server_is_found_by_where_its_client_comes_from_whatever_address_it_is_called_at():
    connections = Connections(10)
    connections.add(accepted())
    assert connections.server(dialled(remote=TRANSLATED)).service == "Service:web"


def test_a_server_that_answered_once_is_known_when_it_does_not_any_more():
    connections = Connections(10)
    connections.add(accepted())
    connections.server(dialled())
    connections.remove(1)
    assert connections.server(dialled(local=Address("10.0.0.2", 9))).service == "Service:web"
    assert connections.server(dialled(remote=Address("10.9.9.9", 80), local=None)) is None


def test_a_client_s_port_may_have_connections_to_several_servers():
    connections, bank = Connections(10), Address("10.0.0.9", 80)
    connections.add(Connection(1, 7, 3, SERVER, remote=CALLER, local=WEB, owner=owner("web")))
    connections.add(Connection(2, 9, 3, SERVER, remote=CALLER, local=bank, owner=owner("bank")))
    assert connections.server(dialled(remote=WEB)).service == "Service:web"
    assert connections.server(dialled(remote=bank)).service == "Service:bank"
    connections.remove(2)
    assert connections.server(dialled(remote=WEB)).service == "Service:web"


def test_of_too_many_connections_the_oldest_are_forgotten():
    connections = Connections(2)
    for id in range(1, 4):
        connections.add(Connection(id, 7, id))
    assert [each.id for each in connections] == [2, 3]
    assert connections.forgotten == 1
    assert connections.of_process(7) == [2, 3]


def test_a_lower_limit_sheds_the_oldest_and_whoever_asked_is_told():
    forgotten = []
    connections = Connections(10, forgotten.append)
    for id in range(1, 6):
        connections.add(Connection(id, 7, id))
    connections.limit = 2
    connections.shed()
    assert [each.id for each in connections] == [4, 5]
    assert [each.id for each in forgotten] == [1, 2, 3]
    assert [id for id in range(1, 6) if connections.was_forgotten(id)] == [1, 2, 3]
    connections.caught_up()
    assert not connections.was_forgotten(1)


def test_addresses():
    mapped = bytes(10) + b"\xff\xff" + bytes([10, 0, 0, 1])
    assert address(2, 80, bytes([10, 0, 0, 1]) + bytes(12)) == address(10, 80, mapped) == WEB
    assert str(address(10, 443, bytes(15) + b"\1")) == "[::1]:443"
    assert address(0, 0, bytes(16)) is None
