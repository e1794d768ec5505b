"""Certificates of a link: whom to trust, and what to prove oneself with."""

from __future__ import annotations

import ssl
from pathlib import Path

import grpc
from attrs import frozen

from causely_core.wire.errors import WireError


@frozen
class TlsConfig:
    """Paths of PEM files. They may change while they are used; see :mod:`causely_core.wire.certificates`.

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

    def read(self) -> Pem:
        """What the files hold now.

        Raises:
            WireError: a file cannot be read or is not what it must be, or only one of ``cert`` and ``key`` is given.
        """
        if bool(self.cert) != bool(self.key):
            raise WireError("tls: cert and key go together, expected both or neither")
        found = Pem(_content("ca", self.ca), _content("cert", self.cert), _content("key", self.key))
        self._check(found)
        return found

    def read_as_server(self) -> Pem:
        """What the files hold now, for who serves.

        Raises:
            WireError: as for :meth:`read`, or ``cert`` and ``key`` are not given.
        """
        if not self.cert and not self.key:
            raise WireError("tls: a server needs cert and key, expected the paths of two PEM files")
        return self.read()

    def _check(self, found: Pem) -> None:
        """Not left to gRPC, which tells only in its own log that something is wrong."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            if found.ca is not None:
                context.load_verify_locations(cadata=found.ca.decode("ascii"))
        except (ssl.SSLError, ValueError):
            raise WireError(f"tls.ca: {self.ca}: expected certificates in PEM") from None
        try:
            if self.cert:
                # A key with a password must be refused, not asked for.
                context.load_cert_chain(self.cert, self.key, password=lambda: b"")
        except (OSError, ValueError):  # SSLError is an OSError
            chain = f"tls.cert, tls.key: {self.cert}, {self.key}"
            raise WireError(f"{chain}: expected a certificate and its own key in PEM, without a password") from None


@frozen
class Pem:
    """Contents of the files of a :class:`TlsConfig`; none for those that are not given."""

    ca: bytes | None
    cert: bytes | None
    key: bytes | None

    def channel_credentials(self) -> grpc.ChannelCredentials:
        """For a client."""
        return grpc.ssl_channel_credentials(self.ca, self.key, self.cert)

    def server_configuration(self) -> grpc.ServerCertificateConfiguration:
        """For a server, which has ``cert`` and ``key``."""
        return grpc.ssl_server_certificate_configuration([(self.key or b"", self.cert or b"")], self.ca)


def _content(role: str, path: str) -> bytes | None:
    if not path:
        return None
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise WireError(f"tls.{role}: {path}: {error.strerror}, expected a readable PEM file") from error
