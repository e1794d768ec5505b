"""gRPC with JSON in place of protobuf: a server of plain functions, with a SERVER span each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from opentelemetry.trace import SpanKind

from shop.errors import DownstreamFailure, NotFound
from shop.ports import LISTEN, OWN, Address
from shop.telemetry import extract, fail, log, span

WORKERS = 16
Method = Callable[..., Any]


def serve(service: str, methods: Mapping[str, Method], port: int) -> None:
    """Answer calls of `service` on the port in the background; requests come as keywords."""
    handlers = {name: _handler(service, name, method, port) for name, method in methods.items()}
    server = grpc.server(ThreadPoolExecutor(WORKERS))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
    server.add_insecure_port(f"{LISTEN}:{port}")
    server.start()
    _servers.append(server)


# A server ends when nobody refers to it any more.
_servers: list[grpc.Server] = []


def attributes(service: str, method: str, server: Address) -> dict[str, Any]:
    """Return what both sides of a call say about it."""
    return {
        "rpc.system": "grpc",
        "rpc.service": service,
        "rpc.method": method,
        "server.address": server.host,
        "server.port": server.port,
    }


def encode(value: Any) -> bytes:
    """Return `value` as the bytes of a message."""
    return json.dumps(value).encode()


def code_of(error: Exception) -> grpc.StatusCode:
    """Return the gRPC code that tells a caller about an error."""
    if isinstance(error, NotFound):
        return grpc.StatusCode.NOT_FOUND
    if isinstance(error, DownstreamFailure):
        return grpc.StatusCode.DEADLINE_EXCEEDED if error.timed_out else grpc.StatusCode.UNAVAILABLE
    return grpc.StatusCode.INTERNAL


def _handler(service: str, name: str, method: Method, port: int) -> grpc.RpcMethodHandler[dict[str, Any], Any]:
    full_name, fixed = f"{service}/{name}", attributes(service, name, Address(OWN, port))

    def answer(request: dict[str, Any], context: grpc.ServicerContext) -> Any:
        parent = extract({key: str(value) for key, value in context.invocation_metadata()})
        with span(full_name, SpanKind.SERVER, fixed, parent) as current:
            try:
                result = method(**request)
                code, detail = grpc.StatusCode.OK, ""
            except Exception as error:
                code, detail = code_of(error), str(error)
                if code is not grpc.StatusCode.NOT_FOUND:
                    fail(current, error)
                    log.exception("%s failed for %s", full_name, request)
            current.set_attribute("rpc.grpc.status_code", code.value[0])
        if code is not grpc.StatusCode.OK:
            context.abort(code, detail)
        return result

    return grpc.unary_unary_rpc_method_handler(answer, json.loads, encode)
