"""The operator's HTTP API: state, faults, and what users see."""

from __future__ import annotations

import json
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

from shop.child import ChildError
from shop.faults.catalogue import CATALOGUE
from shop.ports import HOST

if TYPE_CHECKING:
    from collections.abc import Callable

    from shop.supervisor import Shop


class ControlServer(HTTPServer):
    """Answers one request at a time on the caller's thread, which owns the shop's processes."""

    def __init__(self, port: int, shop: Shop) -> None:
        super().__init__((HOST, port), _Handler)
        self.shop = shop


class _Handler(BaseHTTPRequestHandler):
    timeout = 5  # a caller that says nothing must not keep the others out
    server: ControlServer

    def do_GET(self) -> None:
        """Answer /state, /faults and /users."""
        views = {"/state": self.server.shop.state, "/faults": self._faults, "/users": self.server.shop.users}
        if self.path in views:
            self._answer(views[self.path])
        else:
            self._send(404, {"error": f"no such path; try {', '.join(views)}"})

    def do_POST(self) -> None:
        """Inject the fault of /faults/NAME."""
        self._on_fault(lambda name: {"injected_at": self.server.shop.inject(name)})

    def do_DELETE(self) -> None:
        """Remove the fault of /faults/NAME."""
        self._on_fault(lambda name: {"removed_at": self.server.shop.remove(name)})

    def _faults(self) -> list[dict[str, Any]]:
        active = self.server.shop.active
        return [{**asdict(fault), "active": fault.name in active} for fault in CATALOGUE.values()]

    def _on_fault(self, act: Callable[[str], Any]) -> None:
        folder, _, name = self.path.rpartition("/")
        if folder == "/faults" and name in CATALOGUE:
            self._answer(lambda: act(name))
        else:
            self._send(404, {"error": f"no such fault; try {', '.join(CATALOGUE)}"})

    def _answer(self, produce: Callable[[], Any]) -> None:
        try:
            self._send(200, produce())
        except ChildError as error:
            self._send(503, {"error": str(error)})

    def _send(self, status: int, answer: Any) -> None:
        payload = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: stderr is for trouble."""
