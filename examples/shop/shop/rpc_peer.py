"""Calls to another service over gRPC, one channel a peer, with a CLIENT span each."""

from __future__ import annotations

import json
from typing import Any

import grpc
from opentelemetry.trace import SpanKind

from shop.errors import DownstreamFailure, NotFound
from shop.ports import Address
from shop.rpc import attributes, encode
from shop.telemetry import inject, span

TIMEOUT_SECONDS = 3.0

# A peer that came back is found again within a second.
RECONNECT = [
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 1000),
]


class RpcPeer:
    """One gRPC service of the shop, such as `shop.Payment` at its address."""

    def __init__(self, service: str, address: Address) -> None:
        self._service, self._address = service, address
        self._channel = grpc.insecure_channel(f"{address.host}:{address.port}", RECONNECT)

    def call(self, method: str, **request: Any) -> Any:
        """Return the method's answer; raise NotFound or DownstreamFailure."""
        full_name = f"{self._service}/{method}"
        invoke = self._channel.unary_unary(f"/{full_name}", encode, json.loads)
        with span(full_name, SpanKind.CLIENT, attributes(self._service, method, self._address)) as current:
            metadata: dict[str, str] = {}
            inject(metadata)
            try:
                answer = invoke(request, timeout=TIMEOUT_SECONDS, metadata=tuple(metadata.items()))
            except grpc.RpcError as error:
                current.set_attribute("rpc.grpc.status_code", error.code().value[0])
                raise self._failure(error) from error
            current.set_attribute("rpc.grpc.status_code", 0)
            return answer

    def _failure(self, error: grpc.RpcError) -> Exception:
        if error.code() is grpc.StatusCode.NOT_FOUND:
            return NotFound(error.details())
        timed_out = error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        return DownstreamFailure(self._service, error.code().name, error.details() or "", timed_out=timed_out)
