"""The plugin's section of the configuration file, ``plugins.aws``."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from attrs import Attribute, field, frozen, validators

from causely_plugin_aws.services.names import SERVICES

_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/\S+")


def _regions(_: Any, attribute: Attribute[list[str]], value: list[str]) -> None:
    for region in value:
        if not _REGION.fullmatch(region):
            raise ValueError(f"{attribute.name}: expected regions such as eu-west-1, found {region!r}")


def _role(_: Any, attribute: Attribute[str], value: str) -> None:
    if value and not _ROLE.fullmatch(value):
        raise ValueError(f"{attribute.name}: expected arn:aws:iam::<account>:role/<name>, found {value!r}")


def _with_role(account: Account, attribute: Attribute[str], value: str) -> None:
    if value and not account.role_arn:
        raise ValueError(f"{attribute.name}: expected a role_arn with it")


def _services(_: Any, attribute: Attribute[list[str]], value: list[str]) -> None:
    if unknown := sorted({*value} - {*SERVICES}):
        raise ValueError(f"{attribute.name}: expected some of {', '.join(SERVICES)}, found {unknown[0]!r}")


def _address(_: Any, attribute: Attribute[str], value: str) -> None:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError(f"{attribute.name}: expected http://host:port or https://host:port, found {value!r}")


def _addresses(_: Any, attribute: Attribute[dict[str, str]], value: dict[str, str]) -> None:
    for url in value.values():
        _address(_, attribute, url)  # type: ignore[arg-type]


@frozen
class Account:
    """An account to ask.

    Attributes:
        role_arn: the role to assume in it; empty for the plugin's own credentials.
        external_id: what the role's trust policy asks for.
        regions: of this account; empty for those of the plugin.
    """

    role_arn: str = field(default="", validator=_role)
    external_id: str = field(default="", repr=False, validator=_with_role)
    regions: list[str] = field(factory=list, validator=_regions)


def _own() -> list[Account]:
    return [Account()]


@frozen
class AwsConfig:
    """Whose resources to find, and where.

    Credentials come from where boto3 looks for them: environment, files, IRSA, EKS Pod Identity, instance profile.

    Attributes:
        regions: to ask; without any, here or in an account, nobody is asked.
        accounts: to ask; one of the plugin's own credentials unless something else is said.
        profile: of the shared configuration files; empty for the default.
        services: which kinds of resources to find.
        endpoint_url: of all services, for AWS's look-alikes; empty for AWS.
        endpoints: of single services by boto3's name, for VPC endpoints: ``{sqs: https://vpce-...}``.
        tags: only resources that bear all of these are told; an empty value takes any. None for all resources.
        tag_attributes: tags whose values describe the entity, as ``aws.tag.<name>``.
        resolve: whether endpoints are looked up, for those who see only addresses; where the mediator has the DNS of
            the VPC.
        resources_interval: seconds from one discovery to the next.
        values_interval: seconds from one round of metrics to the next.
        repeat: seconds after which the newest value is told again: detectors take what is silent for gone.
        delay: seconds for which CloudWatch is given time to have a whole minute.
        requests_per_second: of one account, to all services together.
        timeout: seconds for one answer.
        concurrency: calls under way at once.
        max_resources: of one service in one region; what is beyond is left out, and that is logged.
        max_metrics: asked for in one round in one region; likewise.
        stale_after: seconds after which a resource is gone that is not found any more.
    """

    regions: list[str] = field(factory=list, validator=_regions)
    accounts: list[Account] = field(factory=_own, validator=validators.min_len(1))
    profile: str = ""
    services: list[str] = field(factory=lambda: list(SERVICES), validator=_services)
    endpoint_url: str = field(default="", validator=_address)
    endpoints: dict[str, str] = field(factory=dict, validator=_addresses)
    tags: dict[str, str] = field(factory=dict)
    tag_attributes: list[str] = field(factory=list)
    resolve: bool = True
    resources_interval: float = field(default=300.0, validator=validators.gt(0))
    values_interval: float = field(default=60.0, validator=validators.gt(0))
    repeat: float = field(default=6.0, validator=[validators.gt(0), validators.le(7)])
    delay: float = field(default=60.0, validator=validators.ge(0))
    requests_per_second: float = field(default=10.0, validator=validators.gt(0))
    timeout: float = field(default=10.0, validator=validators.gt(0))
    concurrency: int = field(default=4, validator=[validators.ge(1), validators.le(64)])
    max_resources: int = field(default=20_000, validator=validators.ge(1))
    max_metrics: int = field(default=50_000, validator=validators.ge(1))
    stale_after: float = field(default=900.0, validator=validators.ge(0))

    def places(self) -> list[tuple[Account, str]]:
        """Each account with each region to ask in it."""
        return [(account, region) for account in self.accounts for region in account.regions or self.regions]
