"""The failures that services tell each other about."""

from __future__ import annotations


class DownstreamFailure(Exception):
    """A call to another service did not succeed.

    Attributes:
        peer: Name of the service that was called.
        reason: Low-cardinality cause: an exception's name, an HTTP status or a gRPC code.
        timed_out: Whether the caller gave up waiting.
    """

    def __init__(self, peer: str, reason: str, detail: str = "", *, timed_out: bool = False) -> None:
        super().__init__(f"{peer} failed: {reason} {detail}".rstrip())
        self.peer = peer
        self.reason = reason
        self.timed_out = timed_out


class NotFound(Exception):
    """What the caller asked for does not exist."""
