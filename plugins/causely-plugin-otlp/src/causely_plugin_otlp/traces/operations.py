"""Names of operations, from what spans tell of them."""

from __future__ import annotations

import re

from causely_core.traffic.naming import METHODS, clean
from causely_plugin_otlp import semconv
from causely_plugin_otlp.attributes import Attributes, text

_COMMAND = re.compile(r"[\w.-]{1,48}( [A-Za-z]{2,24})?")


def inbound(attributes: Attributes, hint: str | None) -> str | None:
    """The name of what a server or consumer span does, or none if it takes a hint.

    Args:
        attributes: the span's signature.
        hint: templated path or span name, if it was read.
    """
    if destination := text(attributes, semconv.QUEUE_NAME):
        return f"process {destination}"
    if method := rpc(attributes):
        return method
    verb = text(attributes, semconv.HTTP_METHOD)
    route = text(attributes, semconv.HTTP_ROUTE)
    if verb and (route or hint):
        return clean(f"{verb if verb in METHODS else 'HTTP'} {route or hint}")
    return hint


def rpc(attributes: Attributes) -> str:
    """``service/method``, or an empty string."""
    service, method = text(attributes, semconv.RPC_SERVICE), text(attributes, semconv.RPC_METHOD)
    return method if "/" in method or not service else f"{service}/{method}" if method else ""


def statement(attributes: Attributes) -> str | None:
    """The name of what is done to a database (``SELECT orders``); none when its attributes do not tell."""
    operation, table = text(attributes, semconv.DB_OPERATION), text(attributes, semconv.DB_COLLECTION)
    if _COMMAND.fullmatch(operation):
        return f"{operation} {table}".rstrip()
    return None
