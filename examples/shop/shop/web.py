"""A JSON web server on threads, with a SERVER span around each request."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.trace import Span, SpanKind

from shop.errors import DownstreamFailure, NotFound
from shop.ports import LISTEN, OWN
from shop.telemetry import extract, fail, log, span


@dataclass(frozen=True)
class Request:
    """What a handler gets: the path's variable parts and the JSON body (empty without one)."""

    params: dict[str, str]
    body: dict[str, Any]


Handler = Callable[[Request], Any]


class Route:
    """A method with a path template, such as `GET /products/{id}`, and who answers."""

    def __init__(self, key: str, handler: Handler) -> None:
        self.method, _, self.template = key.partition(" ")
        self.handler = handler
        self.pattern = re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.template))


class Web:
    """The routes of one service; `serve` opens its port."""

    def __init__(self, routes: dict[str, Handler]) -> None:
        """Take handlers by route, written as `"GET /products/{id}"`."""
        self.routes = [Route(key, handler) for key, handler in routes.items()]

    def match(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """Return the route of a request and the path's variable parts."""
        for route in self.routes:
            found = route.pattern.fullmatch(path)
            if found and route.method == method:
                return route, found.groupdict()
        return Route(method, _no_such_route), {}

    def serve(self, port: int) -> None:
        """Answer requests on the port, in the background, from now on."""
        threading.Thread(target=_Server(port, self).serve_forever, daemon=True).start()


def status_of(error: Exception) -> int:
    """Return the HTTP status that tells a caller about an error."""
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, DownstreamFailure):
        return 504 if error.timed_out else 502
    return 500


def _no_such_route(_request: Request) -> Any:
    raise NotFound("no such path")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_port = True
    request_queue_size = 128

    def __init__(self, port: int, web: Web) -> None:
        super().__init__((LISTEN, port), _Handler)
        self.web = web


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave in one packet
    server: _Server

    def _serve(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        route, params = self.server.web.match(self.command, self.path)
        with span(f"{route.method} {route.template}".strip(), SpanKind.SERVER, self._attributes(route),
                  extract(dict(self.headers.items()))) as current:  # fmt: skip
            status, answer = self._run(route, Request(params, body), current)
            current.set_attribute("http.response.status_code", status)
            self._send(status, answer)

    do_GET = do_POST = _serve

    def _attributes(self, route: Route) -> dict[str, Any]:
        return {
            "http.request.method": self.command,
            "http.route": route.template,
            "url.path": self.path,
            "url.scheme": "http",
            "server.address": OWN,
            "server.port": self.server.server_port,
        }

    def _run(self, route: Route, request: Request, current: Span) -> tuple[int, Any]:
        try:
            return 200, route.handler(request)
        except Exception as error:
            status = status_of(error)
            if status >= 500:
                fail(current, error)
                log.error("%s %s answered %d: %s", self.command, self.path, status, error)
            return status, {"error": str(error)}

    def _send(self, status: int, answer: Any) -> None:
        payload = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: spans are the access log."""
