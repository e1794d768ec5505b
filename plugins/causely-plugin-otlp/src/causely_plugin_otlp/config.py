"""The plugin's section of the configuration file, ``plugins.otlp``."""

from __future__ import annotations

from typing import Any

from attrs import Attribute, field, frozen, validators

MIB = 1024 * 1024


def _endpoint(_: Any, attribute: Attribute[str], value: str) -> None:
    host, colon, port = value.rpartition(":")
    if not (host and colon and port.isdecimal() and int(port) < 65536):
        raise ValueError(f"{attribute.name}: expected host:port such as 127.0.0.1:4317, found {value!r}")


@frozen
class OtlpConfig:
    """Where to listen and how much to keep.

    Attributes:
        grpc_endpoint: ``host:port`` for OTLP/gRPC; port 0 takes a free one.
        http_endpoint: ``host:port`` for OTLP/HTTP, likewise.
        flush_interval: seconds from one batch of observations to the next.
        pairing_wait: seconds that a client span waits for the server span it caused. Longer than the 5 s
            after which the batch processors of the OpenTelemetry SDKs export.
        request_timeout: seconds in which a request must have arrived.
        max_pending_bytes: requests received and not folded yet; beyond it, clients are told to retry.
        max_message_bytes: one request, uncompressed.
        max_json_bytes: likewise, for one in JSON, which takes many times its size in memory to read.
        max_concurrent_requests: calls served at a time, gRPC and HTTP each; beyond it, they are told to retry.
        max_pending_spans: client spans (and as many server spans) waiting for their counterpart.
        max_entities: entities kept; more are not created, and counted.
        max_operations_per_service: operations by name; more become ``{other}``.
        max_log_templates: error log templates kept for each service.
        entity_ttl: seconds of silence after which an entity or a relation is deleted.
        metric_staleness: seconds for which an instance's last value counts towards its service's.
    """

    grpc_endpoint: str = field(default="127.0.0.1:4317", validator=_endpoint)
    http_endpoint: str = field(default="127.0.0.1:4318", validator=_endpoint)
    flush_interval: float = field(default=2.0, validator=validators.gt(0))
    pairing_wait: float = field(default=6.0, validator=validators.ge(0))
    request_timeout: float = field(default=30.0, validator=validators.gt(0))
    max_pending_bytes: int = field(default=64 * MIB, validator=validators.ge(1))
    max_message_bytes: int = field(default=16 * MIB, validator=validators.ge(1))
    max_json_bytes: int = field(default=4 * MIB, validator=validators.ge(1))
    max_concurrent_requests: int = field(default=32, validator=validators.ge(1))
    max_pending_spans: int = field(default=200_000, validator=validators.ge(0))
    max_entities: int = field(default=20_000, validator=validators.ge(1))
    max_operations_per_service: int = field(default=200, validator=validators.ge(1))
    max_log_templates: int = field(default=200, validator=validators.ge(1))
    entity_ttl: float = field(default=600.0, validator=validators.gt(0))
    metric_staleness: float = field(default=150.0, validator=validators.gt(0))
