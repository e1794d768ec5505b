"""A server of HTTP/1.1 in threads of its own.

It is the standard library's. Servers of applications (uvicorn, and Werkzeug's, on which pytest-httpserver stands)
finish every answer properly; tests of plugins need one that breaks off in the middle or hangs up.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from httpx import Headers

from causely_core.testing.loopback.messages import Answer, HangUp, Request

BODILESS = (204, 304)
"""Statuses whose answers have no body."""

Respond = Callable[[Request], Answer]
"""Answers a request, in a thread of its connection; raises HangUp to answer nothing."""


@contextmanager
def serving(respond: Respond) -> Iterator[str]:
    """The URL of a server that answers by ``respond``, without a slash at its end."""
    server = _Server(("127.0.0.1", 0), _handler(respond))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="loopback", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *parameters: Any) -> None:
        super().__init__(*parameters)
        self._connections: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Clients keep connections open; who asks again by one is not to be answered any more."""
        super().server_close()
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients come and go; what fails otherwise is answered with status 500."""


def _handler(answering: Respond) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        respond = staticmethod(answering)

    return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    respond: Respond

    def handle_request(self) -> None:
        path, _, query = self.path.partition("?")
        headers = Headers([(name, str(value)) for name, value in self.headers.items()])
        body = self._body(headers)
        try:
            self._send(self.respond(Request(time.monotonic(), self.command, path, query, headers, body)))
        except HangUp:
            self.close_connection = True
        except Exception as problem:
            self._send(Answer.of(f"the test's server failed: {type(problem).__name__}: {problem}\n", 500))
            raise

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_request

    def _body(self, headers: Headers) -> bytes:
        if headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(iter(self._chunk, b""))
        return self.rfile.read(int(headers.get("Content-Length", 0)))

    def _chunk(self) -> bytes:
        size = int(self.rfile.readline().partition(b";")[0], 16)
        chunk = self.rfile.read(size)
        self.rfile.readline()
        return chunk

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.multi_items():
            self.send_header(name, value)
        if answer.status not in BODILESS:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD" and answer.status not in BODILESS:
            self.wfile.write(answer.body[: answer.cut_after])
        if answer.cut_after is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Tests look at what was asked instead."""
