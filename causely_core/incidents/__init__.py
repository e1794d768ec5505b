"""Recorded incidents: folders of topology and metrics that are read, written, simulated and diagnosed offline."""

from causely_core.incidents.incident import Incident, Span, Track

__all__ = ["Incident", "Span", "Track"]
