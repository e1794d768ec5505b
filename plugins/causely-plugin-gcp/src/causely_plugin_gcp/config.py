"""The plugin's section of the configuration file, ``plugins.gcp``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from attrs import Attribute, field, frozen, validators

from causely_plugin_gcp.services import SERVICES

APIS = {
    "cloudasset": "https://cloudasset.googleapis.com",
    "compute": "https://compute.googleapis.com",
    "monitoring": "https://monitoring.googleapis.com",
    "iamcredentials": "https://iamcredentials.googleapis.com",
}
"""The APIs that are asked, and where."""

_PROJECT = re.compile(r"(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]")
_ACCOUNT = re.compile(r"[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com")
_LOCAL = frozenset(("127.0.0.1", "localhost", "::1"))


def _projects(_: Any, attribute: Attribute[list[str]], value: list[str]) -> None:
    for project in value:
        if not _PROJECT.fullmatch(project):
            raise ValueError(f"{attribute.name}: expected ids of projects such as shop-prod-1, found {project!r}")


def _readable(_: Any, attribute: Attribute[Path | None], value: Path | None) -> None:
    if value is not None and not value.is_file():
        raise ValueError(f"{attribute.name}: there is no file {value}")


def _account(_: Any, attribute: Attribute[str], value: str) -> None:
    if value and not _ACCOUNT.fullmatch(value):
        raise ValueError(
            f"{attribute.name}: expected a service account, name@project.iam.gserviceaccount.com, found {value!r}"
        )


def _services(_: Any, attribute: Attribute[list[str]], value: list[str]) -> None:
    for name in value:
        if name not in SERVICES:
            raise ValueError(f"{attribute.name}: expected some of {', '.join(SERVICES)}, found {name!r}")


def _endpoints(_: Any, attribute: Attribute[dict[str, str]], value: dict[str, str]) -> None:
    for api, url in value.items():
        if api not in APIS:
            raise ValueError(f"{attribute.name}: expected some of {', '.join(APIS)}, found {api!r}")
        parts = urlsplit(url)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)
        if not (safe and parts.hostname) or parts.path.strip("/") or parts.query:
            raise ValueError(
                f"{attribute.name}.{api}: expected https://host, or http:// on this machine, found {url!r}"
            )


@frozen
class GcpConfig:
    """Which projects to ask for, as whom, and for what.

    Attributes:
        projects: ids of the projects that are watched; none asks nobody.
        services: which services are watched; none for all.
        regions: which regions, with their zones; none for all. What is global or in several regions is always there.
        labels: what resources must be marked with, by label; none for all resources.
        shown_labels: labels that are told of the resources.
        credentials_file: a file of credentials (external account, service account); none for what Google's libraries
            find by themselves, such as workload identity.
        impersonate: the service account as which to ask; empty asks as the credentials are.
        quota_project: the project whose quotas are used; empty for that of the credentials.
        ca_file: certificates that vouch for the APIs; none for those that come with Google's libraries.
        endpoints: other addresses of the APIs ``cloudasset``, ``compute``, ``monitoring`` and ``iamcredentials``.
        interval: seconds from one round of metrics to the next.
        resources_interval: seconds from one look at the resources to the next.
        timeout: seconds for one answer.
        concurrency: requests at once.
        asset_requests: requests to Cloud Asset Inventory a minute at most; its own quota is 100.
        monitoring_requests: requests to Cloud Monitoring a minute at most, with all projects together.
        backend_health: whether the health of load balancers' backends is asked for, which costs a request a backend and
            ``interval``.
        compute_requests: requests to Compute Engine a minute at most, with all projects together.
        max_resources: of one project; what is more is left out, and that is logged.
        max_lateness: seconds for which a value is taken for that of now; metrics of Google come up to 4 minutes late.
        stale_after: seconds after which what is not listed any more is gone.
        lookup_names: whether names of endpoints are looked up, so that who sees addresses only is understood.
    """

    projects: list[str] = field(factory=list, validator=_projects)
    services: list[str] = field(factory=list, validator=_services)
    regions: list[str] = field(factory=list)
    labels: dict[str, str] = field(factory=dict)
    shown_labels: list[str] = field(factory=list)
    credentials_file: Path | None = field(default=None, validator=_readable)
    impersonate: str = field(default="", validator=_account)
    quota_project: str = ""
    ca_file: Path | None = field(default=None, validator=_readable)
    endpoints: dict[str, str] = field(factory=dict, validator=_endpoints)
    interval: float = field(default=60.0, validator=validators.gt(0))
    resources_interval: float = field(default=300.0, validator=validators.gt(0))
    timeout: float = field(default=30.0, validator=validators.gt(0))
    concurrency: int = field(default=8, validator=[validators.ge(1), validators.le(64)])
    asset_requests: float = field(default=60.0, validator=validators.gt(0))
    monitoring_requests: float = field(default=600.0, validator=validators.gt(0))
    backend_health: bool = False
    compute_requests: float = field(default=300.0, validator=validators.gt(0))
    max_resources: int = field(default=20_000, validator=validators.ge(1))
    max_lateness: float = field(default=420.0, validator=validators.gt(0))
    stale_after: float = field(default=900.0, validator=validators.ge(0))
    lookup_names: bool = True

    def endpoint(self, api: str) -> str:
        """The address of an API, without a slash at its end."""
        return self.endpoints.get(api, APIS[api]).rstrip("/")
