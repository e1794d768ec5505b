"""Who asks: Google's own chain of credentials. Blocking, and used from threads of the plugin's own."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import google.auth
import requests
from google.auth import identity_pool, impersonated_credentials
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import service_account

from causely_core.polling import PollError
from causely_plugin_gcp.trust import trusting

if TYPE_CHECKING:
    from causely_plugin_gcp.config import GcpConfig

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
"""What the credentials may be used for; what they may do is said by the roles of the account."""

_LIFETIME = 3600
"""Seconds for which a token of another service account is asked."""


class Identity:
    """Credentials, found when they are needed first, and renewed when they have expired or are refused."""

    def __init__(self, config: GcpConfig) -> None:
        """Prepare; nothing is read before somebody asks."""
        self._config, self._lock = config, threading.Lock()
        self._found: Any = None
        self._request = cast("Any", Request)(trusting(requests.Session(), config.ca_file))

    def headers(self, url: str) -> dict[str, str]:
        """What to send with a request to ``url``.

        Raises:
            PollError: there are no credentials, or they cannot be renewed.
        """
        headers: dict[str, str] = {}
        with self._lock:
            try:
                self._credentials().before_request(self._request, "POST", url, headers)
            except GoogleAuthError as problem:
                raise refused(problem) from problem
        return headers

    def renew(self, headers: dict[str, str]) -> None:
        """Get a new token, unless somebody else has done so meanwhile.

        Args:
            headers: that were refused.

        Raises:
            PollError: it cannot be done.
        """
        with self._lock:
            credentials = self._credentials()
            if headers.get("authorization", "") != f"Bearer {credentials.token}":
                return
            try:
                credentials.refresh(self._request)
            except GoogleAuthError as problem:
                raise refused(problem) from problem

    def session(self) -> requests.Session:
        """A session that sends what :meth:`headers` gives, and renews what is refused.

        Raises:
            PollError: there are no credentials.
        """
        make: Any = AuthorizedSession
        with self._lock:
            try:
                session: requests.Session = make(
                    self._credentials(), refresh_timeout=self._config.timeout, auth_request=self._request
                )
                return trusting(session, self._config.ca_file)
            except GoogleAuthError as problem:
                raise refused(problem) from problem

    def close(self) -> None:
        """End the connections to whoever gives tokens."""
        self._request.session.close()

    def _credentials(self) -> Any:
        if self._found is None:
            found, own = self._load(), self._config
            if own.impersonate:
                # Google's library has types in parts only.
                impersonating: Any = impersonated_credentials.Credentials
                endpoint = self._impersonation()
                found = impersonating(
                    found, own.impersonate, [_SCOPE], lifetime=_LIFETIME, iam_endpoint_override=endpoint
                )
            if own.quota_project:
                found = found.with_quota_project(own.quota_project)
            self._found = found
        return self._found

    def _load(self) -> Any:
        if self._config.credentials_file is not None:
            return from_file(self._config.credentials_file)
        return cast("Any", google.auth).default(scopes=[_SCOPE], request=self._request)[0]

    def _impersonation(self) -> str | None:
        if "iamcredentials" not in self._config.endpoints:
            return None
        account = f"projects/-/serviceAccounts/{self._config.impersonate}"
        return f"{self._config.endpoint('iamcredentials')}/v1/{account}:generateAccessToken"


def from_file(path: Path) -> Any:
    """The credentials that a file describes.

    Raises:
        PollError: it describes none that are known.
    """
    try:
        info = json.loads(path.read_text())
        if info["type"] == "external_account":
            return cast("Any", identity_pool.Credentials).from_info(info, scopes=[_SCOPE])
        if info["type"] == "service_account":
            return cast("Any", service_account.Credentials).from_service_account_info(info, scopes=[_SCOPE])
    except (OSError, ValueError, LookupError, TypeError, GoogleAuthError) as problem:
        raise PollError(f"no credentials in {path}: {type(problem).__name__}") from problem
    raise PollError(f"no credentials in {path}: expected type external_account or service_account")


def refused(problem: Exception) -> PollError:
    """What is wrong with the credentials; what Google's libraries say after a colon may hold tokens."""
    said = str(problem.args[0] if problem.args else problem).partition("\n")[0].partition(": ")[0]
    return PollError(f"no credentials: {said or type(problem).__name__}")
