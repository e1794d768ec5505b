"""``causely prometheus``: which ready mappings have something to say of a server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

import click

from causely_core.errors import UnavailableError, UsageError
from causely_plugin_prometheus.config import PrometheusConfig
from causely_plugin_prometheus.errors import QueryError
from causely_plugin_prometheus.mapping.files import read_mapping, ready
from causely_plugin_prometheus.server import Server


def suggested(names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """The ready mappings for a server, each with those of its metrics that the server has.

    Args:
        names: of all metrics that the server has.
    """
    had = set(names)
    found = {name: tuple(each for each in read_mapping(name).metrics if each in had) for name in ready()}
    return {name: metrics for name, metrics in found.items() if metrics}


@click.group()
def command() -> None:
    """Look at a server that speaks PromQL."""


@command.command()
@click.argument("url")
@click.option("--tenant", default="", help="Whose series, where the server has tenants.")
@click.option("--timeout", default=10.0, show_default=True, help="Seconds for the answer.")
def suggest(url: str, tenant: str, timeout: float) -> None:
    """Print a section of the configuration with the mappings that have something to say of the server at URL."""
    try:
        config = PrometheusConfig(url=url, tenant=tenant, timeout=timeout, mappings=list(ready()))
    except ValueError as problem:
        raise UsageError(str(problem)) from problem
    try:
        found = suggested(asyncio.run(Server(config).names()))
    except QueryError as problem:
        raise UnavailableError(f"{url}: {problem}") from problem
    click.echo(_section(config, found))


def _section(config: PrometheusConfig, found: Mapping[str, tuple[str, ...]]) -> str:
    lines = ["plugins:", "  prometheus:", f"    url: {config.url}"]
    lines += [f"    tenant: {config.tenant}"] if config.tenant else []
    lines += ["    mappings:" if found else "    mappings: []  # the server has nothing that a ready mapping knows"]
    lines += [f"      - {name}  # {', '.join(metrics)}" for name, metrics in found.items()]
    return "\n".join(lines)
