"""What a server answered."""

from __future__ import annotations

from attrs import frozen

from causely_plugin_prometheus.vector import Vector


@frozen
class Answer:
    """What a server answered.

    Attributes:
        vector: the series.
        missing: why there may be more than these; empty when these are all.
    """

    vector: Vector
    missing: str = ""
