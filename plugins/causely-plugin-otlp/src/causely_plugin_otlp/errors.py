"""What can be wrong with a request; each becomes the protocol's own answer."""

from __future__ import annotations


class OtlpError(Exception):
    """Any refusal of a request; the message is told to the client."""


class BadPayload(OtlpError):
    """The bytes are not what their content type says: INVALID_ARGUMENT, 400. Not to be retried."""


class TooLarge(OtlpError):
    """The message is larger than allowed: RESOURCE_EXHAUSTED, 413. Not to be retried."""


class Overloaded(OtlpError):
    """No room now: UNAVAILABLE with RetryInfo, 503 with Retry-After."""
