"""moto's server behind a proxy that sees every call, and may answer in its place as AWS does when all is not well."""

import re
import threading
import time
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from attrs import field, frozen
from moto.server import ThreadedMotoServer

from .lacking import Lacking

_SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")


@frozen
class Seen:
    """A call as it comes over the wire."""

    key: str
    region: str
    service: str
    operation: str
    query: dict[str, list[str]]
    body: bytes
    at: float = field(factory=time.monotonic)


class Front:
    """The proxy.

    Attributes:
        seen: all calls.
        lacking: answers what moto does not know.
        answer: gives a :class:`Reply` for a call, or none to let moto answer.
    """

    def __init__(self, backend):
        self.seen, self.answer = [], lambda seen: None
        self.lacking = Lacking()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                seen = _seen(self, body)
                outer.seen.append(seen)
                reply = outer.answer(seen) or outer.lacking.answer(seen)
                try:
                    self._send(reply) if reply else self._forward(seen)
                except OSError:
                    self.close_connection = True

            def _send(self, reply):
                text = reply.body.encode()
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def _forward(self, seen):
                # moto has no percentiles; a sum of one value is as good as any.
                body = seen.body.replace(b"p95", b"Sum") if seen.service == "monitoring" else seen.body
                connection = HTTPConnection(*backend)
                headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
                connection.request(self.command, self.path, body, headers)
                answer = connection.getresponse()
                text = outer.lacking.amended(seen, answer.read())
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("content-length", "connection", "transfer-encoding", "date", "server"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(text)
                connection.close()

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _any

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def count(self, operation):
        """Calls of an operation."""
        return sum(seen.operation == operation for seen in self.seen)

    def close(self):
        self._server.shutdown()
        self._server.server_close()


def _seen(request, body):
    scope = _SCOPE.search(request.headers.get("Authorization", ""))
    key, region, service = scope.groups() if scope else ("", "", "")
    return Seen(key, region, service, _operation(request, body), parse_qs(urlsplit(request.path).query), body)


def _operation(request, body):
    if target := request.headers.get("X-Amz-Target"):
        return target.rpartition(".")[2]
    if "/operation/" in request.path:  # CloudWatch's
        return request.path.rpartition("/operation/")[2]
    return parse_qs(body.decode("latin-1")).get("Action", [f"{request.command} {urlsplit(request.path).path}"])[0]


def moto():
    """moto's server, on a free port of loopback."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    return server
