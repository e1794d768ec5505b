"""The plugin's section of the configuration file, ``plugins.prometheus``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from attrs import Attribute, field, frozen, validators

from causely_plugin_prometheus.errors import MappingError
from causely_plugin_prometheus.mapping.files import read_mapping, ready


def _address(_: Any, attribute: Attribute[str], value: str) -> None:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError(f"{attribute.name}: expected http://host:port or https://host:port, found {value!r}")
    if parts.username or parts.query or parts.fragment:
        raise ValueError(f"{attribute.name}: expected no user, query or fragment; see username, token_file, headers")


def _range(_: Any, attribute: Attribute[str], value: str) -> None:
    if not re.fullmatch(r"([1-9][0-9]*[smh])+", value):
        raise ValueError(f"{attribute.name}: expected a duration such as 90s or 2m, found {value!r}")


def _readable(_: Any, attribute: Attribute[Path | None], value: Path | None) -> None:
    if value is not None and not value.is_file():
        raise ValueError(f"{attribute.name}: there is no file {value}")


def _one_way(config: PrometheusConfig, attribute: Attribute[Path | None], value: Path | None) -> None:
    if value is not None and config.username:
        raise ValueError(f"{attribute.name}: expected this or username, found both")


def _with_user(config: PrometheusConfig, attribute: Attribute[str], value: str) -> None:
    if value and not config.username:
        raise ValueError(f"{attribute.name}: expected a username with it")


def _with_certificate(config: PrometheusConfig, attribute: Attribute[Path | None], value: Path | None) -> None:
    if value is not None and config.cert_file is None:
        raise ValueError(f"{attribute.name}: expected cert_file with it")


def _mappings(config: PrometheusConfig, attribute: Attribute[list[str]], value: list[str]) -> None:
    if config.url and not value:
        raise ValueError(f"{attribute.name}: expected one or more of {', '.join(ready())}, or files")
    for name in value:
        try:
            read_mapping(name)
        except MappingError as problem:
            raise ValueError(str(problem)) from problem


@frozen
class PrometheusConfig:
    """Which server to ask, as whom, and for what.

    Attributes:
        url: of a Prometheus, VictoriaMetrics, Thanos or Mimir, up to and without ``/api/v1``; empty asks nobody.
        headers: to send with each request.
        tenant: whose series to ask for, where the server has tenants (``X-Scope-OrgID``).
        username: for basic authentication.
        password: likewise; write ``${env:NAME}`` or ``${file:/path}``.
        token_file: file with a bearer token, read anew with each request.
        ca_file: certificates that vouch for the server; none for those that Python trusts.
        cert_file: certificate to show to the server.
        key_file: its key; none where ``cert_file`` has it too.
        interval: seconds from one round of queries to the next.
        timeout: seconds for one answer.
        concurrency: queries at once.
        mappings: names of ready mappings, and paths of files.
        window: over which rates are taken, as PromQL writes it; at least twice as long as the server's scrape interval.
        max_series: of one query; an answer with more is refused, and that is logged.
        stale_after: seconds after which what the server has no more series of is gone.
    """

    url: str = field(default="", validator=_address)
    headers: dict[str, str] = field(factory=dict, repr=False)
    tenant: str = ""
    username: str = ""
    password: str = field(default="", repr=False, validator=_with_user)
    token_file: Path | None = field(default=None, validator=[_readable, _one_way])
    ca_file: Path | None = field(default=None, validator=_readable)
    cert_file: Path | None = field(default=None, validator=_readable)
    key_file: Path | None = field(default=None, validator=[_readable, _with_certificate])
    interval: float = field(default=15.0, validator=validators.gt(0))
    timeout: float = field(default=10.0, validator=validators.gt(0))
    concurrency: int = field(default=4, validator=[validators.ge(1), validators.le(64)])
    mappings: list[str] = field(factory=list, validator=_mappings)
    window: str = field(default="2m", validator=_range)
    max_series: int = field(default=20_000, validator=validators.ge(1))
    stale_after: float = field(default=120.0, validator=validators.ge(0))
