"""Channels and listening ports with the options that every link shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import grpc

from causely_core.wire.certificates import server_credentials
from causely_core.wire.errors import WireError
from causely_core.wire.tls import Pem, TlsConfig

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

MAX_MESSAGE = 256 * 1024 * 1024
"""Bytes of the largest message, which is a snapshot; 100,000 entities that three sources tell take a quarter of it."""

_SIZES: list[tuple[str, int]] = [
    ("grpc.max_receive_message_length", MAX_MESSAGE),
    ("grpc.max_send_message_length", MAX_MESSAGE),
]
# Silence of 20 s + 10 s means that the peer is gone though TCP has not noticed.
_KEEPALIVE: list[tuple[str, int]] = [
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.max_pings_without_data", 0),
]
# gRPC's own back-off must not be slower than ours, or a link stays down after its peer is back.
_RECONNECT: list[tuple[str, int]] = [
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1_000),
]

SERVER_OPTIONS: Sequence[tuple[str, int]] = [
    *_SIZES,
    *_KEEPALIVE,
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.so_reuseport", 0),
    # After six hours the other end has to prove anew who it is: its certificate may not be trusted any more.
    ("grpc.max_connection_age_ms", 6 * 3600 * 1000),
    ("grpc.max_connection_age_grace_ms", 10_000),
]
"""For ``grpc.aio.server(options=...)``; without port sharing, so that a taken port is an error."""


def open_channel(target: str, pem: Pem | None = None, server_name: str = "") -> grpc.aio.Channel:
    """A channel to ``host:port`` with keep-alive and gzip; nothing is sent before it is used.

    Args:
        target: ``host:port``.
        pem: certificates; none for plaintext.
        server_name: the name to expect in the server's certificate when it differs from the address.
    """
    options: list[tuple[str, int | str]] = [*_SIZES, *_KEEPALIVE, *_RECONNECT]
    if pem is None:
        return grpc.aio.insecure_channel(target, options=options, compression=grpc.Compression.Gzip)
    if server_name:
        options.append(("grpc.ssl_target_name_override", server_name))
    return grpc.aio.secure_channel(
        target, pem.channel_credentials(), options=options, compression=grpc.Compression.Gzip
    )


def listen(
    server: grpc.aio.Server, address: str, tls: TlsConfig | None = None, logger: FilteringBoundLogger | None = None
) -> int:
    """Bind ``server`` to ``host:port`` (port 0: any that is free) and return the port.

    With ``tls``, certificates are read anew for each connection; ``logger`` is told of those that cannot be used.

    Raises:
        WireError: the address is taken or no address, or a certificate file cannot be used.
    """
    try:
        if tls is None:
            return server.add_insecure_port(address)
        return server.add_secure_port(address, server_credentials(tls, logger))
    except RuntimeError as error:
        raise WireError(f"{address}: cannot listen here, expected a free host:port ({error})") from error
