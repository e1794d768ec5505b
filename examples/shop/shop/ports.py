"""Where services listen: on loopback ports that nobody else can take meanwhile, or in pods of their own."""

from __future__ import annotations

import os
import socket
from typing import NamedTuple

HOST = "127.0.0.1"
LISTEN = os.environ.get("SHOP_LISTEN", HOST)
"""Address that services listen on: `0.0.0.0` in pods."""
OWN = HOST if LISTEN == HOST else socket.gethostname()
"""Host by which a service tells where it is itself."""


class Address(NamedTuple):
    """Where a service is.

    Attributes:
        host: loopback, or the name of its Kubernetes Service.
        port: that it listens on.
    """

    host: str
    port: int


class Reservation:
    """A free port, held by a socket that is bound but never listens.

    A service may still listen on it (SO_REUSEADDR or SO_REUSEPORT), and while it does not, callers are
    refused at once, as by any closed port.
    """

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._socket.bind((HOST, 0))
        self.port: int = self._socket.getsockname()[1]


def url(port: int, path: str = "", host: str = HOST) -> str:
    """Return the URL of `path` on the port."""
    return f"http://{host}:{port}{path}"
