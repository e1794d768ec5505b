"""Where the API is, and who is asking."""

from __future__ import annotations

import ssl
from typing import Protocol


class Access(Protocol):
    """What a client needs to ask an API server."""

    @property
    def url(self) -> str:
        """Of the server, such as ``https://10.96.0.1:443``."""
        ...

    def tls(self) -> ssl.SSLContext:
        """Whom to trust, and what to show.

        Raises:
            ApiError: a file cannot be used.
        """
        ...

    def headers(self) -> dict[str, str]:
        """What to say of oneself with each request; asked each time, for tokens are renewed.

        Raises:
            ApiError: a file cannot be read.
        """
        ...
