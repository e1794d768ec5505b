"""Records: which of them are errors, and what they say."""

from __future__ import annotations

from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, SeverityNumber

from causely_plugin_otlp.logs.masking import MAX_TEXT

_ERROR = SeverityNumber.SEVERITY_NUMBER_ERROR
_UNSPECIFIED = SeverityNumber.SEVERITY_NUMBER_UNSPECIFIED
_NAMES = frozenset({"ERROR", "ERR", "SEVERE", "FATAL", "CRITICAL", "CRIT", "ALERT", "PANIC", "EMERGENCY", "EMERG"})
_MESSAGES = ("message", "msg", "event", "error", "err", "exception")
_EXCEPTION = ("exception.type", "exception.message")


def is_error(record: LogRecord) -> bool:
    """Whether a record is of severity ERROR or above, by its number or else by its text."""
    number = record.severity_number
    if number != _UNSPECIFIED:
        return number >= _ERROR
    return record.severity_text[:16].strip().upper() in _NAMES


def message_of(record: LogRecord) -> str:
    """What a record says: its body, else its exception; empty when it says nothing."""
    return _text(record.body) or _exception(record)


def _text(body: AnyValue) -> str:
    kind = body.WhichOneof("value")
    if kind is None:
        return ""
    if kind == "kvlist_value":
        return _message_in(body)
    if kind == "array_value":
        return " ".join(map(_text, body.array_value.values[:8]))
    value = getattr(body, kind)
    return value[:MAX_TEXT].decode(errors="replace") if isinstance(value, bytes) else str(value)[:MAX_TEXT]


def _message_in(body: AnyValue) -> str:
    """The field that holds a structured log's message; without one its keys, which are those of its kind."""
    fields = {entry.key: entry.value for entry in body.kvlist_value.values}
    for key in _MESSAGES:
        if key in fields and (found := _text(fields[key])):
            return found
    return " ".join(sorted(fields))[:MAX_TEXT]


def _exception(record: LogRecord) -> str:
    told = {entry.key: _text(entry.value) for entry in record.attributes if entry.key in _EXCEPTION}
    return ": ".join(told[key] for key in _EXCEPTION if told.get(key))
