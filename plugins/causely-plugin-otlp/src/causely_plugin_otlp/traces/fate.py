"""Fates: what is to be done with every span of one signature, found out once and then only carried out."""

from __future__ import annotations

from typing import Protocol

from causely_core.traffic.recorder import FAILED, UNREACHABLE
from causely_plugin_otlp.attributes import Attributes
from causely_plugin_otlp.lean import Span
from causely_plugin_otlp.traces.outcomes import answered, outbound_failed, refused, status_failed


class Fate(Protocol):
    """Takes spans that share resource, kind and signature."""

    def take(self, span: Span) -> None:
        """Count ``span``, whose ids are valid."""
        ...


class Ignored:
    """The fate of spans that tell nothing about requests: internal ones."""

    def take(self, span: Span) -> None:
        """Leave it."""


class Outbound:
    """Tells how a client's spans of one signature ended."""

    def __init__(self, attributes: Attributes) -> None:
        self._attributes = attributes
        self._fails = (outbound_failed(attributes, False), outbound_failed(attributes, True))
        self._answered = answered(attributes)

    def flags(self, span: Span) -> int:
        """The recorder's flags for ``span``."""
        if not self._fails[status_failed(span.status)]:
            return 0
        return FAILED if self._answered or not refused(self._attributes, span) else FAILED | UNREACHABLE


def duration(span: Span) -> int:
    """Nanoseconds; 0 for a span whose clock was set back, or that lacks a time."""
    start, end = span.start, span.end
    return end - start if end > start > 0 else 0
