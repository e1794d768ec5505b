"""Where Azure is: ``plugins.azure.endpoints``; for sovereign clouds, private links and tests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from attrs import field, frozen

if TYPE_CHECKING:
    from attrs import Attribute


def _address(_: Any, attribute: Attribute[str], value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.netloc:
        raise ValueError(f"{attribute.name}: expected https://host, found {value!r}")


def _readable(_: Any, attribute: Attribute[Path | None], value: Path | None) -> None:
    if value is not None and not value.is_file():
        raise ValueError(f"{attribute.name}: there is no file {value}")


@frozen
class EndpointsConfig:
    """Addresses, and for whom tokens are asked.

    Attributes:
        resource_manager: of Azure Resource Manager; tokens for it are asked for the same address.
        metrics: of metrics, with ``{region}`` for the region's name.
        metrics_audience: for whom tokens for metrics are.
        logs: of Log Analytics; tokens for it are asked for the same address.
        ca_file: certificates that vouch for all of these and for the authority, instead of those that Python trusts.
    """

    resource_manager: str = field(default="https://management.azure.com", validator=_address)
    metrics: str = field(default="https://{region}.metrics.monitor.azure.com", validator=_address)
    metrics_audience: str = field(default="https://metrics.monitor.azure.com", validator=_address)
    logs: str = field(default="https://api.loganalytics.io", validator=_address)
    ca_file: Path | None = field(default=None, validator=_readable)
