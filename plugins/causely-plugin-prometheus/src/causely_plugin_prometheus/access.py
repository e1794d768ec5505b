"""Who is asking: the HTTP session with what the settings say to show to the server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import requests
from requests.auth import AuthBase, HTTPBasicAuth

if TYPE_CHECKING:
    from causely_plugin_prometheus.access_config import Access

TENANT = "X-Scope-OrgID"
"""The header by which Mimir, Loki and their kin tell tenants apart."""


class TokenFile(AuthBase):
    """A bearer token in a file, read with each request: what put it there replaces it before it ends."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        self._path = path

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Show the token.

        Raises:
            OSError: the file cannot be read.
        """
        request.headers["Authorization"] = f"Bearer {self._path.read_text().strip()}"
        return request


def session_for(config: Access) -> requests.Session:
    """A session that trusts, and shows, what the settings say; ``.netrc`` and proxies of the environment are left out.

    A user's ``.netrc`` would take the place of a token, and a server in a cluster is behind no proxy.
    """
    session = requests.Session()
    session.trust_env = False
    session.headers.update(config.headers)
    if config.tenant:
        session.headers[TENANT] = config.tenant
    if config.ca_file:
        session.verify = str(config.ca_file)
    if config.cert_file:
        session.cert = (str(config.cert_file), str(config.key_file or config.cert_file))
    session.auth = _auth(config)
    return session


def _auth(config: Access) -> AuthBase | None:
    if config.token_file:
        return TokenFile(config.token_file)
    return HTTPBasicAuth(config.username, config.password) if config.username else None
