"""Client spans: requests as the service that sends them sees them."""

from __future__ import annotations

from causely_plugin_otlp import semconv
from causely_plugin_otlp.attributes import Attributes
from causely_plugin_otlp.lean import Span
from causely_plugin_otlp.resource import Place
from causely_plugin_otlp.traces.calls import Calls
from causely_plugin_otlp.traces.fate import Outbound, duration
from causely_plugin_otlp.traces.find import find
from causely_plugin_otlp.traces.peers import Address, address_of, host_in


class Called:
    """The fate of client spans of one signature."""

    def __init__(self, place: Place, attributes: Attributes, calls: Calls) -> None:
        self._place = place
        self._attributes = attributes
        self._calls = calls
        self._waited = calls.ledger.waited(place.service)
        self._recorder = calls.ledger.recorder
        self._outbound = Outbound(attributes)
        self._address = address_of(attributes, place, None)

    def take(self, span: Span) -> None:
        """Count that the caller waited at once, and the call once it is known whom it went to."""
        address, flags, nanos = self._address or self._in_url(span), self._outbound.flags(span), duration(span)
        self._recorder.record(self._waited | flags, nanos)
        self._calls.called(span.span_id, self._place.service, address, flags, nanos)

    def _in_url(self, span: Span) -> Address | None:
        return address_of(self._attributes, self._place, host_in(find(span.attributes, semconv.URL)))
