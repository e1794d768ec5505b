"""Certificates that change while they are used: read anew for each connection, kept where the new ones are no good.

Who issues certificates for some weeks, such as cert-manager, replaces the files long before they expire. Connections
that are open go on: TLS looks at certificates when a connection begins.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import grpc
import structlog
from attrs import define, field
from structlog.typing import FilteringBoundLogger

from causely_core.wire.errors import WireError
from causely_core.wire.tls import Pem, TlsConfig


@define(eq=False)
class Certificates:
    """The newest usable contents of some files.

    Attributes:
        read: reads and checks the files, ``TlsConfig.read`` or ``read_as_server``.
        logger: is told once when files are no good, and when others are in use.
        pem: what is in use.
    """

    read: Callable[[], Pem]
    logger: FilteringBoundLogger = field(factory=structlog.get_logger)
    pem: Pem = field(init=False)
    _complaint: str = field(default="", init=False)

    def __attrs_post_init__(self) -> None:
        """Read the files for the first time.

        Raises:
            WireError: they cannot be used.
        """
        self.pem = self.read()

    def renew(self) -> bool:
        """Read the files again; whether others are in use now."""
        try:
            found = self.read()
        except WireError as problem:
            self._complain(str(problem))
            return False
        self._complaint = ""
        if found == self.pem:
            return False
        self.pem = found
        self.logger.info("certificates renewed")
        return True

    async def renewed(self, interval: float) -> None:
        """Wait until others are in use, looking every ``interval`` seconds."""
        while True:
            await asyncio.sleep(interval)
            if self.renew():
                return

    def _complain(self, complaint: str) -> None:
        if complaint != self._complaint:
            self.logger.warning("new certificates not used", reason=complaint)
        self._complaint = complaint


def server_credentials(tls: TlsConfig, logger: FilteringBoundLogger | None = None) -> grpc.ServerCredentials:
    """Credentials of a server that look at the files for each connection.

    Raises:
        WireError: the files cannot be used now.
    """
    certificates = Certificates(tls.read_as_server, logger or structlog.get_logger())

    def renewed() -> grpc.ServerCertificateConfiguration | None:
        return certificates.pem.server_configuration() if certificates.renew() else None

    first = certificates.pem.server_configuration()
    # What is returned may be none, for no change, as gRPC documents it; its types do not say so.
    return grpc.dynamic_ssl_server_credentials(first, renewed, bool(tls.ca))  # type: ignore[arg-type]
