"""What can be wrong with a request; each becomes the protocol's own answer."""

from __future__ import annotations

from typing import ClassVar


class OtlpError(Exception):
    """Any refusal of a request; the message is told to the client.

    Attributes:
        reason: a word for the metric of refused requests.
    """

    reason: ClassVar[str] = "refused"


class BadPayload(OtlpError):
    """The bytes are not what their content type says: INVALID_ARGUMENT, 400. Not to be retried."""

    reason = "bad_payload"


class UnknownType(OtlpError):
    """The content type or encoding is not spoken here: 415. Not to be retried."""

    reason = "unknown_type"


class TooLarge(OtlpError):
    """The message is larger than allowed: RESOURCE_EXHAUSTED, 413. Not to be retried."""

    reason = "too_large"


class TooSlow(OtlpError):
    """The request did not arrive in time: 408."""

    reason = "too_slow"


class Overloaded(OtlpError):
    """No room now: UNAVAILABLE with RetryInfo, 503 with Retry-After."""

    reason = "overloaded"
