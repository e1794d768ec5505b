"""As whom Azure is asked: ``plugins.azure.credential``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from attrs import field, frozen

if TYPE_CHECKING:
    from attrs import Attribute


class CredentialKind(StrEnum):
    """How the mediator shows who it is."""

    DEFAULT = "default"
    WORKLOAD_IDENTITY = "workload_identity"
    MANAGED_IDENTITY = "managed_identity"
    CLIENT_SECRET = "client_secret"


def _secret(config: CredentialConfig, attribute: Attribute[str], value: str) -> None:
    wanted = config.kind == CredentialKind.CLIENT_SECRET
    if value and not wanted:
        raise ValueError(f"{attribute.name}: expected kind client_secret with it, found {config.kind.value}")
    if wanted and not (value and config.tenant_id and config.client_id):
        raise ValueError(f"{attribute.name}: expected this, tenant_id and client_id with kind client_secret")


def _token(config: CredentialConfig, attribute: Attribute[Path | None], value: Path | None) -> None:
    if value is not None and config.kind != CredentialKind.WORKLOAD_IDENTITY:
        raise ValueError(f"{attribute.name}: expected kind workload_identity with it, found {config.kind.value}")


def _authority(_: Any, attribute: Attribute[str], value: str) -> None:
    if value and (urlsplit(value).scheme != "https" or not urlsplit(value).hostname):
        raise ValueError(f"{attribute.name}: expected https://host, found {value!r}")


@frozen
class CredentialConfig:
    """Whose rights are used.

    Attributes:
        kind: ``default`` takes what there is: variables of the environment, workload identity, managed identity.
        tenant_id: of Microsoft Entra; workload identity has it from the environment.
        client_id: of the application or the managed identity; likewise.
        client_secret: write ``${env:NAME}`` or ``${file:/path}``.
        token_file: of workload identity, where ``AZURE_FEDERATED_TOKEN_FILE`` does not tell it.
        authority: of a sovereign cloud, ``https://login.microsoftonline.us``; Azure's public one when empty.
        instance_discovery: whether to ask Microsoft if the authority is genuine; not where there is no way out.
    """

    kind: CredentialKind = CredentialKind.DEFAULT
    tenant_id: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False, validator=_secret)
    token_file: Path | None = field(default=None, validator=_token)
    authority: str = field(default="", validator=_authority)
    instance_discovery: bool = True
