"""Whether a request failed, and whether it got an answer at all."""

from __future__ import annotations

import re

from google.protobuf.message import DecodeError
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SpanMessage
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from causely_plugin_otlp import semconv
from causely_plugin_otlp.attributes import Attributes, number, plain, text
from causely_plugin_otlp.lean import Span

_PLAIN = {b"": False, b"\x18\x00": False, b"\x18\x01": False, b"\x18\x02": True}
_SERVER_ERRORS = frozenset({"2", "4", "12", "13", "14", "15"})
"""UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS: the server's fault, as in
https://opentelemetry.io/docs/specs/semconv/rpc/grpc/"""
_CODES = (
    "OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED"
    " RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS"
    " UNAUTHENTICATED"
).split()
_NUMBERS = {name: str(number) for number, name in enumerate(_CODES)}
_NO_ANSWER = frozenset({"4", "14"})
_REFUSED = re.compile(
    r"refused|reset by peer|unreachable|no route|getaddrinfo|unknown ?host|not known|name resolution|broken ?pipe"
    r"|ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|UNAVAILABLE|socket ?hang ?up|NewConnectionError"
    r"|(could not|unable to|failed to|can't) connect"
    r"|connect(ion)?[ ._-]?(error|exception|call|failed|failure|time|closed|lost)",
    re.IGNORECASE,
)


def status_failed(status: bytes) -> bool:
    """Whether a serialized ``Status`` says ERROR."""
    plain_status = _PLAIN.get(status)
    return _status(status).code == Status.STATUS_CODE_ERROR if plain_status is None else plain_status


def inbound_failed(attributes: Attributes, error: bool) -> bool:
    """Whether a server span failed through its server's fault."""
    return error or number(attributes, semconv.HTTP_STATUS) >= 500 or _rpc_status(attributes) in _SERVER_ERRORS


def outbound_failed(attributes: Attributes, error: bool) -> bool:
    """Whether a client span failed through the callee's fault: an answer of 404 is not one."""
    if status := number(attributes, semconv.HTTP_STATUS):
        return status >= 500
    code = _rpc_status(attributes)
    return code in _SERVER_ERRORS if code else error


def answered(attributes: Attributes) -> bool:
    """Whether a client span holds the callee's answer."""
    code = _rpc_status(attributes)
    if code:
        return code not in _NO_ANSWER
    return bool(text(attributes, (*semconv.HTTP_STATUS, *semconv.DB_STATUS)))


def refused(attributes: Attributes, span: Span) -> bool:
    """Whether a failed client span tells that no connection came about."""
    told = (text(attributes, semconv.ERROR_TYPE), _status(span.status).message[:500])
    if _rpc_status(attributes) == "14" or any(map(_REFUSED.search, told)):
        return True
    return any(_REFUSED.search(_exception(event)) for event in span.events[:4])


def _rpc_status(attributes: Attributes) -> str:
    code = text(attributes, semconv.RPC_STATUS)
    return _NUMBERS.get(code.upper(), code)


def _status(status: bytes) -> Status:
    try:
        return Status.FromString(status)
    except DecodeError:
        return Status()


def _exception(event: bytes) -> str:
    try:
        told = plain(SpanMessage.Event.FromString(event).attributes)
    except DecodeError:
        return ""
    return f"{told.get('exception.type', '')} {str(told.get('exception.message', ''))[:500]}"
