"""Server spans: requests as the service that serves them sees them."""

from __future__ import annotations

from causely_core.model import EntityId
from causely_core.traffic.ledger import Ledger
from causely_core.traffic.naming import path_of, short_name, template
from causely_core.traffic.recorder import FAILED
from causely_plugin_otlp import semconv
from causely_plugin_otlp.attributes import Attributes, text
from causely_plugin_otlp.lean import ID_BYTES, Span
from causely_plugin_otlp.traces.calls import Calls
from causely_plugin_otlp.traces.codes import Codes
from causely_plugin_otlp.traces.fate import duration
from causely_plugin_otlp.traces.find import find
from causely_plugin_otlp.traces.operations import inbound
from causely_plugin_otlp.traces.outcomes import inbound_failed, status_failed


class Served:
    """The fate of server spans of one signature."""

    def __init__(self, service: EntityId, attributes: Attributes, ledger: Ledger, calls: Calls) -> None:
        self._service = service
        self._attributes = attributes
        self._ledger = ledger
        self._recorder = ledger.recorder
        self._calls = calls
        self._flags = tuple(FAILED * inbound_failed(attributes, error) for error in (False, True))
        self._codes = Codes()

    def take(self, span: Span) -> None:
        """Count the request and let it find the client span that asked for it."""
        code = self._codes.get(span.name)
        if code is None:
            code = self._code(span)
        self._recorder.record(code | self._flags[status_failed(span.status)], duration(span))
        parent = span.parent_span_id
        if len(parent) == ID_BYTES:
            self._calls.served(parent, self._service)

    def _code(self, span: Span) -> int:
        name = span.name.decode(errors="replace")
        operation = inbound(self._attributes, None) or self._hinted(name)
        if operation is not None:
            code = self._ledger.served(self._service, operation)
            self._codes.remember(span.name, code)
            return code
        path = find(span.attributes, semconv.HTTP_PATH) or path_of(find(span.attributes, semconv.URL))
        return self._ledger.served(
            self._service, inbound(self._attributes, path and template(path)) or short_name(name)
        )

    def _hinted(self, name: str) -> str | None:
        """The operation that a span name tells; none when a path is needed."""
        if not text(self._attributes, semconv.HTTP_METHOD):
            return short_name(name)
        path = name[name.find("/") :] if "/" in name else ""
        return inbound(self._attributes, template(path)) if path else None
