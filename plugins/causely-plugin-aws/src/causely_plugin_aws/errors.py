"""What AWS means when it does not answer."""

from __future__ import annotations

from typing import Any

from causely_core.polling import PollError

_THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
"""As botocore's standard retry mode has them (its documentation, "Retries")."""

_REFUSED = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",
        "UnrecognizedClientException",
    }
)
"""Of credentials that are not, or no longer, good; others may be by now."""


class ThrottledError(PollError):
    """AWS has been asked too often."""


class CredentialsError(PollError):
    """AWS does not take the credentials, or there are none."""


class UnsupportedError(PollError):
    """The account cannot have this, whoever asks: it is not in the region, or in the support plan."""


def meaning(problem: Exception) -> PollError:
    """The error that an exception of boto3 stands for, in one line without ids of requests."""
    from botocore.exceptions import BotoCoreError, ClientError, CredentialRetrievalError, NoCredentialsError

    if isinstance(problem, ClientError):
        return _answered(problem.response, problem.operation_name)
    if isinstance(problem, (NoCredentialsError, CredentialRetrievalError)):
        return CredentialsError(f"no credentials: {problem}")
    if isinstance(problem, BotoCoreError):
        return PollError(f"cannot be asked: {_first_line(str(problem))}")
    return PollError(f"cannot be asked: {type(problem).__name__}: {_first_line(str(problem))}")


def _answered(response: Any, operation: str) -> PollError:
    error, meta = response.get("Error", {}), response.get("ResponseMetadata", {})
    code, status = str(error.get("Code", "")), meta.get("HTTPStatusCode", 0)
    told = f"{operation} is answered with {code or status}: {_first_line(str(error.get('Message', '')))}"
    wait = _seconds(meta.get("HTTPHeaders", {}).get("retry-after", ""))
    if code in _THROTTLED or status == 429:
        return ThrottledError(told, wait)
    if code in _REFUSED:
        return CredentialsError(told)
    if code in ("SubscriptionRequiredException", "OptInRequired"):
        return UnsupportedError(told)
    return PollError(told, wait)


def _seconds(text: str) -> float:
    return float(text[:6]) if text.strip().isdecimal() else 0.0


def _first_line(text: str) -> str:
    return " ".join(text.split())[:200]
