"""Entities as all services describe them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from causely_core.model import Entity

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api


def described(api: Api, type: str, service: str, name: str, more: Mapping[str, str] | None = None) -> Entity:
    """The entity of a resource, with where it is and ``more``, of which empty values are left out."""
    where = {"cloud.provider": "aws", "cloud.account.id": api.account, "cloud.region": api.region}
    told = {key: value for key, value in (more or {}).items() if value}
    return Entity.of(type, api.key(service, name), name, where | told)


def arn_parts(arn: str) -> tuple[str, str, str, str]:
    """Service, region, account and the rest of an ARN; all empty for what is none."""
    parts = arn.split(":", 5)
    return (parts[2], parts[3], parts[4], parts[5]) if len(parts) == 6 and parts[0] == "arn" else ("", "", "", "")
