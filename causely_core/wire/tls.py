"""Certificates of a link: whom to trust, and what to prove oneself with."""

from __future__ import annotations

from pathlib import Path

import grpc
from attrs import frozen

from causely_core.wire.errors import WireError


@frozen
class TlsConfig:
    """Paths of PEM files.

    Attributes:
        ca: certificates to trust. A client without it trusts the system's; a server with it demands and
            verifies client certificates (mutual TLS).
        cert: own certificate chain; a server must have one.
        key: private key of ``cert``.
        server_name: the name to expect in the server's certificate when it differs from the address.
    """

    ca: str = ""
    cert: str = ""
    key: str = ""
    server_name: str = ""

    def channel_credentials(self) -> grpc.ChannelCredentials:
        """For a client.

        Raises:
            WireError: a file cannot be read, or only one of ``cert`` and ``key`` is given.
        """
        if bool(self.cert) != bool(self.key):
            raise WireError("tls: cert and key go together, expected both or neither")
        return grpc.ssl_channel_credentials(_pem("ca", self.ca), _pem("key", self.key), _pem("cert", self.cert))

    def server_credentials(self) -> grpc.ServerCredentials:
        """For a server.

        Raises:
            WireError: a file cannot be read, or ``cert`` and ``key`` are not both given.
        """
        cert, key = _pem("cert", self.cert), _pem("key", self.key)
        if cert is None or key is None:
            raise WireError("tls: a server needs cert and key, expected the paths of two PEM files")
        return grpc.ssl_server_credentials([(key, cert)], _pem("ca", self.ca), bool(self.ca))


def _pem(role: str, path: str) -> bytes | None:
    if not path:
        return None
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise WireError(f"tls.{role}: {path}: {error.strerror}, expected a readable PEM file") from error
