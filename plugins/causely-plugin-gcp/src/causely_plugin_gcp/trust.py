"""Whom connections over HTTP trust."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter


class _Trusting(HTTPAdapter):
    """Trusts the certificates of one file; requests itself would rather take ``REQUESTS_CA_BUNDLE``."""

    def __init__(self, ca_file: Path) -> None:
        super().__init__()
        self._ca_file = str(ca_file)

    def send(self, *given: Any, **more: Any) -> requests.Response:
        """As requests does, with another mind on whom to trust."""
        return super().send(*given, **{**more, "verify": self._ca_file})


def trusting(session: requests.Session, ca_file: Path | None) -> requests.Session:
    """The session, which trusts what ``ca_file`` vouches for; without one, what it did."""
    if ca_file is not None:
        session.mount("https://", _Trusting(ca_file))
    return session
