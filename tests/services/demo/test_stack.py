"""Starting causely for the demo."""

import socket

import httpx
import pytest

from causely_core.errors import UnavailableError
from causely_core.services.demo import stack


def test_causely_is_ready_inside_and_gone_afterwards(tmp_path):
    with stack.running(tmp_path) as one:
        assert httpx.get(f"{one.admin}/readyz").is_success
        assert one.items("root-causes", active=True) == []
        with pytest.raises(httpx.HTTPStatusError, match="404"):
            one.describe("nothing")
        host, port = one.otlp.removeprefix("http://").split(":")
        socket.create_connection((host, int(port)), timeout=5.0).close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{one.admin}/readyz")


def test_a_start_that_fails_tells_the_last_line_of_the_log(tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    line = r"causely did not start within 30 s: .*File exists"
    with pytest.raises(UnavailableError, match=line), stack.running(tmp_path):
        pass


def test_free_ports_differ():
    addresses = stack.free_ports(20)
    assert len(set(addresses)) == 20
    for address in addresses:
        host, port = address.split(":")
        socket.create_server((host, int(port))).close()
