"""Loopback ports that nobody else on the machine can take between choosing and listening."""

from __future__ import annotations

import socket

HOST = "127.0.0.1"


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


def url(port: int, path: str = "") -> str:
    """Return the URL of `path` on the loopback port."""
    return f"http://{HOST}:{port}{path}"
