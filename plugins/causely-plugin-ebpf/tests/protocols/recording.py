"""A proxy that records what a real client and a real server say, as the kernel would show it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from causely_plugin_ebpf.protocols import Segment

from .talk import CAPTURE


class Recording:
    """The segments of the one connection that came through, in their order."""

    def __init__(self, port: int) -> None:
        self.segments: list[Segment] = []
        self._lock = threading.Lock()
        self._upstream = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        server = socket.create_connection(("127.0.0.1", self._upstream))
        for pair in ((client, server, True), (server, client, False)):
            self._threads.append(threading.Thread(target=self._pump, args=pair))
            self._threads[-1].start()

    def _pump(self, source: socket.socket, target: socket.socket, to_server: bool) -> None:
        while data := _read(source):
            with self._lock:
                self.segments.append(Segment(to_server, time.monotonic_ns(), len(data), data[:CAPTURE]))
            target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def join(self) -> None:
        """Wait for the end of the connection."""
        self._threads[0].join()
        for thread in self._threads[1:]:
            thread.join()
        self._listener.close()


def _read(source: socket.socket) -> bytes:
    try:
        return source.recv(1 << 16)
    except OSError:
        return b""


@contextmanager
def recording(port: int) -> Iterator[Recording]:
    """Record one connection to a port of this machine; the client must close it before the end of the block."""
    recorded = Recording(port)
    yield recorded
    recorded.join()
