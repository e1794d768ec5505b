"""Certificates that change while they are used.

Who issues certificates for some weeks, such as cert-manager, replaces the files long before they expire. Connections
that are open go on: TLS looks at certificates when a connection begins.
"""

from __future__ import annotations

import grpc
import structlog
from structlog.typing import FilteringBoundLogger

from causely_core.wire.renewable import Renewable
from causely_core.wire.tls import Pem, TlsConfig


def client_certificates(tls: TlsConfig, logger: FilteringBoundLogger) -> Renewable[Pem]:
    """Those of a client.

    Raises:
        WireError: the files cannot be used now.
    """
    return Renewable("certificates", tls.read, logger)


def server_credentials(tls: TlsConfig, logger: FilteringBoundLogger | None = None) -> grpc.ServerCredentials:
    """Credentials of a server that look at the files for each connection.

    Raises:
        WireError: the files cannot be used now.
    """
    certificates = Renewable("certificates", tls.read_as_server, logger or structlog.get_logger())

    def renewed() -> grpc.ServerCertificateConfiguration | None:
        return certificates.current.server_configuration() if certificates.renew() else None

    first = certificates.current.server_configuration()
    # What is returned may be none, for no change, as gRPC documents it; its types do not say so.
    return grpc.dynamic_ssl_server_credentials(first, renewed, bool(tls.ca))  # type: ignore[arg-type]
