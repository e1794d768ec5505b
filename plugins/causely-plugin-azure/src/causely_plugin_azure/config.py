"""The plugin's section of the configuration file, ``plugins.azure``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from attrs import field, frozen, validators

from causely_plugin_azure.settings.credential import CredentialConfig
from causely_plugin_azure.settings.endpoints import EndpointsConfig
from causely_plugin_azure.settings.logs import LogsConfig

if TYPE_CHECKING:
    from attrs import Attribute

ALL = "*"
"""Every subscription that the credential may read."""

_SUBSCRIPTION = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _subscriptions(_: Any, attribute: Attribute[list[str]], value: list[str]) -> None:
    for each in value:
        if each != ALL and not _SUBSCRIPTION.fullmatch(each.lower()):
            raise ValueError(f"{attribute.name}: expected ids of subscriptions, or {ALL!r} for all, found {each!r}")


def _groups(config: AzureConfig, attribute: Attribute[list[str]], value: list[str]) -> None:
    if value and config.subscriptions:
        raise ValueError(f"{attribute.name}: expected this or subscriptions, found both")


def _known(_: Any, attribute: Attribute[list[str]], value: list[str]) -> None:
    from causely_plugin_azure.services import NAMES

    for each in value:
        if each not in NAMES:
            raise ValueError(f"{attribute.name}: expected some of {', '.join(NAMES)}, found {each!r}")


@frozen
class AzureConfig:
    """What to ask Azure for, as whom, and how often.

    Attributes:
        subscriptions: their ids, or ``*`` for all that the credential may read; nobody is asked without one.
        management_groups: their names, instead of subscriptions.
        services: which; all when there is none.
        locations: Azure's names of regions, ``westeurope``; all when there is none.
        tags: a resource must have all of these, with these values.
        tag_attributes: names of tags that are told with an entity; others stay in Azure.
        credential: as whom.
        endpoints: where Azure is.
        logs: queries of a Log Analytics workspace.
        look_up_names: whether to look up the addresses of the resources' names, by which eBPF knows them.
        health: whether to ask for Resource Health and Service Health.
        resources_interval: seconds from one look at the resources to the next.
        values_interval: seconds from one look at the metrics to the next.
        told_every: seconds from one telling of the newest values to the next, see the README.
        late: seconds after which a value is too old to be told any more.
        timeout: seconds for one answer.
        stale_after: seconds for which a resource stays that no complete answer has any more.
        most_resources: how many are watched.
        metrics_per_second: requests for metrics, of each subscription.
    """

    subscriptions: list[str] = field(factory=list, validator=_subscriptions)
    management_groups: list[str] = field(factory=list, validator=_groups)
    services: list[str] = field(factory=list, validator=_known)
    locations: list[str] = field(factory=list)
    tags: dict[str, str] = field(factory=dict)
    tag_attributes: list[str] = field(factory=list)
    credential: CredentialConfig = field(factory=CredentialConfig)
    endpoints: EndpointsConfig = field(factory=EndpointsConfig)
    logs: LogsConfig = field(factory=LogsConfig)
    look_up_names: bool = True
    health: bool = True
    resources_interval: float = field(default=300.0, validator=validators.gt(0))
    values_interval: float = field(default=60.0, validator=validators.gt(0))
    told_every: float = field(default=10.0, validator=[validators.gt(0), validators.le(60)])
    late: float = field(default=600.0, validator=validators.ge(60))
    timeout: float = field(default=30.0, validator=validators.gt(0))
    stale_after: float = field(default=600.0, validator=validators.ge(0))
    most_resources: int = field(default=20_000, validator=validators.ge(1))
    metrics_per_second: float = field(default=10.0, validator=[validators.gt(0), validators.le(100)])

    @property
    def asks(self) -> bool:
        """Whether there is anybody to ask about."""
        return bool(self.subscriptions or self.management_groups)
