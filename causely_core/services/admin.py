"""The port people and kubelets look at: /metrics, /healthz, /readyz and /plugins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import field, frozen
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from causely_core.plugins import PluginManager

Check = Callable[[], str]
"""Says in one line what is not ready; empty when all is well."""


@frozen
class Admin:
    """What the admin port shows.

    Attributes:
        registry: where the process's metrics are collected.
        checks: readiness checks by name.
        managers: plugin managers whose plugins are listed.
    """

    registry: CollectorRegistry
    checks: Mapping[str, Check] = field(factory=dict)
    managers: tuple[PluginManager, ...] = ()

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[
                Route("/metrics", self._metrics),
                Route("/healthz", self._healthz),
                Route("/readyz", self._readyz),
                Route("/plugins", self._plugins),
            ]
        )

    def _metrics(self, request: Request) -> Response:
        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)

    def _healthz(self, request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    def _readyz(self, request: Request) -> Response:
        problems = {name: problem for name, check in self.checks.items() if (problem := check())}
        status = "not ready" if problems else "ok"
        return JSONResponse({"status": status, "problems": problems}, 503 if problems else 200)

    def _plugins(self, request: Request) -> Response:
        return JSONResponse({"plugins": [row for manager in self.managers for row in describe(manager)]})


def describe(manager: PluginManager) -> list[dict[str, Any]]:
    """The plugins of a manager as JSON-ready rows: version, hooks, state, last error, units with their cost."""
    return [
        {
            "component": manager.component,
            "name": plugin.name,
            "version": plugin.version,
            "hooks": list(plugin.hooks),
            "state": plugin.state,
            "error": plugin.error or next((u.last_error for u in plugin.units if u.failures), ""),
            "units": [
                {
                    "name": u.name,
                    "kind": u.kind,
                    "state": u.state,
                    "items": u.items,
                    "failures": u.total_failures,
                    "seconds": round(u.seconds, 6),
                    "error": u.last_error,
                }
                for u in plugin.units
            ],
        }
        for plugin in manager.plugins.values()
    ]
