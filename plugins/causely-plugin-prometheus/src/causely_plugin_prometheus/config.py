"""The plugin's section of the configuration file, ``plugins.prometheus``."""

from __future__ import annotations

import re
from typing import Any

from attrs import Attribute, field, frozen, validators

from causely_plugin_prometheus.access_config import Access
from causely_plugin_prometheus.errors import MappingError
from causely_plugin_prometheus.mapping.files import read_mapping, ready


def _range(_: Any, attribute: Attribute[str], value: str) -> None:
    if not re.fullmatch(r"([1-9][0-9]*[smh])+", value):
        raise ValueError(f"{attribute.name}: expected a duration such as 90s or 2m, found {value!r}")


def _mappings(config: PrometheusConfig, attribute: Attribute[list[str]], value: list[str]) -> None:
    if config.url and not value:
        raise ValueError(f"{attribute.name}: expected one or more of {', '.join(ready())}, or files")
    for name in value:
        try:
            read_mapping(name)
        except MappingError as problem:
            raise ValueError(str(problem)) from problem


def _beside(config: PrometheusConfig, attribute: Attribute[AlertmanagerConfig], value: AlertmanagerConfig) -> None:
    if value.url and not config.url:
        raise ValueError(f"{attribute.name}: expected the url of a Prometheus with it")


@frozen
class AlertmanagerConfig(Access):
    """Which Alertmanager to ask, as whom, and for which alerts.

    Attributes:
        matchers: that labels of alerts must fit, as Alertmanager writes them: ``team="shop"``.
    """

    matchers: list[str] = field(factory=list)


@frozen
class PrometheusConfig(Access):
    """Which server to ask, as whom, and for what.

    Attributes:
        interval: seconds from one round of queries to the next.
        timeout: seconds for one answer.
        concurrency: queries at once.
        mappings: names of ready mappings, and paths of files.
        window: over which rates are taken, as PromQL writes it; at least twice as long as the server's scrape interval.
        max_series: of one query; an answer with more is refused, and that is logged. Alerts likewise.
        stale_after: seconds after which what the server has no more series of is gone.
        alertmanager: whom to ask for alerts; without one they are those that Prometheus says fire.
    """

    interval: float = field(default=15.0, validator=validators.gt(0))
    timeout: float = field(default=10.0, validator=validators.gt(0))
    concurrency: int = field(default=4, validator=[validators.ge(1), validators.le(64)])
    mappings: list[str] = field(factory=list, validator=_mappings)
    window: str = field(default="2m", validator=_range)
    max_series: int = field(default=20_000, validator=validators.ge(1))
    stale_after: float = field(default=120.0, validator=validators.ge(0))
    alertmanager: AlertmanagerConfig = field(factory=AlertmanagerConfig, validator=_beside)
