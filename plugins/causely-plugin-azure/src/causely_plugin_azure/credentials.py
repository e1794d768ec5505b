"""Who asks: a credential of azure-identity."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from azure.identity.aio import (
    ClientSecretCredential,
    DefaultAzureCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)

from causely_plugin_azure.settings.credential import CredentialConfig, CredentialKind

logging.getLogger("azure.identity").setLevel(logging.ERROR)  # what is refused, the plugin says, and only once

if TYPE_CHECKING:
    from pathlib import Path

    from azure.core.credentials_async import AsyncTokenCredential


def credential(config: CredentialConfig, ca_file: Path | None) -> AsyncTokenCredential:
    """The credential that the settings describe; nobody is asked yet.

    Args:
        config: they.
        ca_file: certificates that vouch for the authority; none for those that Python trusts.
    """
    options = _options(config, ca_file)
    match config.kind:
        case CredentialKind.CLIENT_SECRET:
            return ClientSecretCredential(config.tenant_id, config.client_id, config.client_secret, **options)
        case CredentialKind.WORKLOAD_IDENTITY:
            return WorkloadIdentityCredential(**_identity(config), **options)
        case CredentialKind.MANAGED_IDENTITY:
            return ManagedIdentityCredential(client_id=config.client_id or None)
    return DefaultAzureCredential(**_preferred(config), **options)


def _options(config: CredentialConfig, ca_file: Path | None) -> dict[str, Any]:
    options: dict[str, Any] = {"disable_instance_discovery": not config.instance_discovery, "retry_total": 1}
    if config.authority:
        options["authority"] = urlsplit(config.authority).netloc
    if ca_file is not None:
        options["connection_verify"] = str(ca_file)
    return options


def _identity(config: CredentialConfig) -> dict[str, str]:
    """What the environment need not tell."""
    given = {
        "tenant_id": config.tenant_id,
        "client_id": config.client_id,
        "token_file_path": str(config.token_file or ""),
    }
    return {name: value for name, value in given.items() if value}


def _preferred(config: CredentialConfig) -> dict[str, str]:
    if not config.client_id:
        return {}
    return {"managed_identity_client_id": config.client_id, "workload_identity_client_id": config.client_id}
