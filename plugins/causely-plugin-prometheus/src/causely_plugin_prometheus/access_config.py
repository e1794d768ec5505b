"""Where a server is and who asks it, as the configuration says."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from attrs import Attribute, field, frozen


def _address(_: Any, attribute: Attribute[str], value: str) -> None:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError(f"{attribute.name}: expected http://host:port or https://host:port, found {value!r}")
    if parts.username or parts.query or parts.fragment:
        raise ValueError(f"{attribute.name}: expected no user, query or fragment; see username, token_file, headers")


def _readable(_: Any, attribute: Attribute[Path | None], value: Path | None) -> None:
    if value is not None and not value.is_file():
        raise ValueError(f"{attribute.name}: there is no file {value}")


def _one_way(config: Access, attribute: Attribute[Path | None], value: Path | None) -> None:
    if value is not None and config.username:
        raise ValueError(f"{attribute.name}: expected this or username, found both")


def _with_user(config: Access, attribute: Attribute[str], value: str) -> None:
    if value and not config.username:
        raise ValueError(f"{attribute.name}: expected a username with it")


def _with_certificate(config: Access, attribute: Attribute[Path | None], value: Path | None) -> None:
    if value is not None and config.cert_file is None:
        raise ValueError(f"{attribute.name}: expected cert_file with it")


@frozen
class Access:
    """Which server to ask, and as whom.

    Attributes:
        url: of the server, up to and without ``/api``; empty asks nobody.
        headers: to send with each request.
        tenant: whose series to ask for, where the server has tenants (``X-Scope-OrgID``).
        username: for basic authentication.
        password: likewise; write ``${env:NAME}`` or ``${file:/path}``.
        token_file: file with a bearer token, read anew with each request.
        ca_file: certificates that vouch for the server; none for those that Python trusts.
        cert_file: certificate to show to the server.
        key_file: its key; none where ``cert_file`` has it too.
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
