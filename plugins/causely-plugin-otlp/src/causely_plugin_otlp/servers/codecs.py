"""The two content types of OTLP over HTTP.

JSON is protobuf's JSON mapping but for trace and span ids, which are hexadecimal instead of base64.
Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from google.protobuf.json_format import MessageToJson, ParseDict, ParseError
from google.protobuf.message import Message

from causely_plugin_otlp.config import OtlpConfig
from causely_plugin_otlp.errors import BadPayload, UnknownType

_WRONG = (ValueError, ParseError, RecursionError, TypeError, AttributeError, OverflowError)
"""What the two parsers raise on input that they do not like."""

_IDS = ("traceId", "spanId", "parentSpanId", "trace_id", "span_id", "parent_span_id")


class Codec(Protocol):
    """Reads requests and writes answers.

    Attributes:
        content_type: what it speaks.
    """

    content_type: str

    def limit(self, config: OtlpConfig) -> int:
        """Bytes that a body may have."""
        ...

    async def request(self, body: bytes, message: type[Message]) -> bytes:
        """The serialized message that a body stands for.

        Raises:
            BadPayload: it stands for none.
        """
        ...

    def answer(self, message: Message) -> bytes:
        """The body that stands for a message."""
        ...


class Protobuf:
    """Serialized messages."""

    content_type = "application/x-protobuf"

    def limit(self, config: OtlpConfig) -> int:
        """As many as any message."""
        return config.max_message_bytes

    async def request(self, body: bytes, message: type[Message]) -> bytes:
        """The body itself; folding finds out whether it is one."""
        return body

    def answer(self, message: Message) -> bytes:
        """The message, serialized."""
        return message.SerializeToString()


class Json:
    """Protobuf's JSON mapping with hexadecimal ids.

    One body is read at a time, off the event loop: as Python objects it takes many times its size.
    """

    content_type = "application/json"

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, "otlp-json")

    def limit(self, config: OtlpConfig) -> int:
        """Fewer than any message: reading JSON takes many times its size."""
        return min(config.max_json_bytes, config.max_message_bytes)

    async def request(self, body: bytes, message: type[Message]) -> bytes:
        """See :class:`Codec`; fields that are not known are left out."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, _read, body, message)

    def answer(self, message: Message) -> bytes:
        """The message as JSON."""
        return MessageToJson(message, indent=None).encode()


_CODECS: dict[str, Codec] = {
    "application/x-protobuf": Protobuf(),
    "application/protobuf": Protobuf(),
    "application/json": Json(),
}


def codec_of(content_type: str) -> Codec:
    """What speaks a ``Content-Type``.

    Raises:
        UnknownType: nothing here does.
    """
    codec = _CODECS.get(content_type.partition(";")[0].strip().lower())
    if codec is None:
        expected = "application/x-protobuf or application/json"
        raise UnknownType(f"Content-Type {content_type[:80]!r} is not known; expected {expected}")
    return codec


def _read(body: bytes, message: type[Message]) -> bytes:
    try:
        return _converted(body, message)
    except _WRONG as problem:
        # The traceback would hold what was read so far, many times the body, while the client is being answered.
        problem.with_traceback(None)
        raise BadPayload(f"not an {message.DESCRIPTOR.name} in JSON: {_said(problem)}") from problem


def _converted(body: bytes, message: type[Message]) -> bytes:
    fields = json.loads(body)
    if not isinstance(fields, dict):
        raise TypeError(f"expected an object, found {type(fields).__name__}")
    _to_base64(fields)
    return ParseDict(fields, message(), ignore_unknown_fields=True).SerializeToString()


def _to_base64(value: Any) -> None:
    """Rewrite all hexadecimal ids in place, however deep."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, list):
            waiting.extend(found)
        elif isinstance(found, dict):
            for key in _IDS:
                if isinstance(found.get(key), str):
                    found[key] = base64.b64encode(binascii.unhexlify(found[key])).decode()
            waiting.extend(found.values())


def _said(problem: Exception) -> str:
    return " ".join(str(problem).split())[:200] or type(problem).__name__
