"""gRPC: how a call is named, and what its status says of the server."""

from __future__ import annotations

import re

from causely_core.traffic.naming import OTHER
from causely_plugin_ebpf.protocols.dialogue import Outcome

CONTENT_TYPE = b"application/grpc"
_METHOD = re.compile(rb"/([\w.]{1,160}/\w{1,80})")
_OUTCOMES = {
    **dict.fromkeys(("2", "4", "12", "13", "14", "15"), Outcome.FAILED),
    "8": Outcome.THROTTLED,
    "7": Outcome.UNAUTHORIZED,
    "16": Outcome.UNAUTHORIZED,
}
"""UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE and DATA_LOSS are the server's fault, as in
https://opentelemetry.io/docs/specs/semconv/rpc/grpc/"""
_RESET = {7: "14", 8: "1", 11: "8", 12: "7"}
_INTERNAL = "13"
_TIMEOUT = re.compile(rb"(\d{1,8})([HMSmun])")
_UNITS = {b"H": 3_600_000_000_000, b"M": 60_000_000_000, b"S": 1_000_000_000, b"m": 1_000_000, b"u": 1_000, b"n": 1}


def method(path: bytes) -> str:
    """``package.Service/Method`` of a path."""
    match = _METHOD.fullmatch(path)
    return match[1].decode("ascii", "replace") if match else OTHER


def outcome_of(status: str) -> Outcome:
    """What a status number says of the server."""
    return _OUTCOMES.get(status, Outcome.OK)


def status_of(value: bytes) -> str:
    """The number in a ``grpc-status`` header; empty for success and for what is none."""
    return value.decode("ascii") if value.isdigit() and len(value) <= 2 and value != b"0" else ""


def status_of_reset(code: int) -> str:
    """The status that clients make of an HTTP/2 error code of RST_STREAM."""
    return _RESET.get(code, _INTERNAL)


def timeout(value: bytes) -> int:
    """The nanoseconds in a ``grpc-timeout`` header; 0 when there are none."""
    match = _TIMEOUT.fullmatch(value)
    return int(match[1]) * _UNITS[match[2]] if match else 0
