"""The API as one application."""

from __future__ import annotations

from fastapi import FastAPI

from causely_core import __version__
from causely_core.services.analyzer.api import root_causes, status, symptoms, topology
from causely_core.services.analyzer.api.problem import add_problem_handlers
from causely_core.services.analyzer.api.source import Source

PREFIX = "/api/v1"


def create_api(analyzer: Source) -> FastAPI:
    """The ASGI application that answers from ``analyzer``."""
    app = FastAPI(
        title="causely analyzer",
        version=__version__,
        openapi_url=f"{PREFIX}/openapi.json",
        # The interactive pages load scripts from the internet, which an analyzer in a cluster must not need.
        docs_url=None,
        redoc_url=None,
    )
    for resource in (root_causes, symptoms, topology, status):
        app.include_router(resource.routes(analyzer), prefix=PREFIX)
    add_problem_handlers(app)
    return app
