"""``causely prometheus``: which ready mappings have something to say of a server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from causely_core.errors import UnavailableError, UsageError
from causely_plugin_prometheus.config import PrometheusConfig
from causely_plugin_prometheus.errors import QueryError
from causely_plugin_prometheus.mapping.files import read_mapping, ready
from causely_plugin_prometheus.server import Server

PATH = click.Path(path_type=Path, dir_okay=False)
_SHOWN = ("tenant", "username", "token_file", "ca_file", "cert_file", "key_file")


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
@click.option("--username", default="", help="For basic authentication.")
@click.option("--password", default="", envvar="CAUSELY_PROMETHEUS_PASSWORD", show_envvar=True, help="Likewise.")
@click.option("--token-file", type=PATH, help="File with a bearer token.")
@click.option("--ca-file", type=PATH, help="Certificates that vouch for the server.")
@click.option("--cert-file", type=PATH, help="Certificate to show to the server.")
@click.option("--key-file", type=PATH, help="Its key.")
@click.option("--timeout", default=10.0, show_default=True, help="Seconds for the answer.")
def suggest(url: str, **access: Any) -> None:
    """Print a section of the configuration with the mappings that have something to say of the server at URL."""
    try:
        config = PrometheusConfig(url=url, mappings=list(ready()), **access)
    except ValueError as problem:
        raise UsageError(str(problem)) from problem
    try:
        found = suggested(asyncio.run(Server(config).names()))
    except QueryError as problem:
        raise UnavailableError(f"{url}: {problem}") from problem
    click.echo(_section(config, found))


def _section(config: PrometheusConfig, found: Mapping[str, tuple[str, ...]]) -> str:
    lines = ["plugins:", "  prometheus:", f"    url: {config.url}"]
    lines += [f"    {name}: {value}" for name in _SHOWN if (value := getattr(config, name))]
    lines += ["    password: ${env:CAUSELY_PROMETHEUS_PASSWORD}"] if config.password else []
    lines += ["    mappings:" if found else "    mappings: []  # the server has nothing that a ready mapping knows"]
    lines += [f"      - {name}  # {', '.join(metrics)}" for name, metrics in found.items()]
    return "\n".join(lines)
