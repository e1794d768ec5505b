"""Azure's documented quotas, and what its answers say of them."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import define, field, frozen

from causely_core.polling import TokenBucket


@frozen
class Quota:
    """Requests that may be sent.

    Attributes:
        rate: a second.
        burst: at once.
    """

    rate: float
    burst: float


GRAPH = Quota(3.0, 15.0)
"""Resource Graph: 15 in 5 seconds, of one user in one tenant."""
ARM = Quota(25.0, 250.0)
"""Reading from Azure Resource Manager: of one principal in one subscription."""
LOGS = Quota(5.0, 20.0)
"""Log Analytics: 200 in 30 seconds, of one user; we take less, as people ask there too."""


@define
class Buckets:
    """A token bucket for each quota: of an API, and of a subscription where it counts by these.

    Attributes:
        metrics: requests for metrics a second, of one subscription.
    """

    metrics: float
    _buckets: dict[tuple[str, str], TokenBucket] = field(factory=dict, init=False)

    def of(self, api: str, scope: str) -> TokenBucket:
        """The bucket of ``api``, for ``scope``, which is a subscription or empty."""
        found = self._buckets.get((api, scope))
        if found is None:
            quota = self._quota(api)
            found = self._buckets[(api, scope)] = TokenBucket(quota.rate, quota.burst)
        return found

    def _quota(self, api: str) -> Quota:
        if api == "metrics":
            return Quota(self.metrics, 5.0 * self.metrics)
        return {"graph": GRAPH, "arm": ARM, "logs": LOGS}[api]


def until_more(headers: Mapping[str, str]) -> float:
    """Seconds until Resource Graph answers again, by the headers of an answer; zero while some requests are left."""
    if headers.get("x-ms-user-quota-remaining", "") != "0":
        return 0.0
    return _seconds(headers.get("x-ms-user-quota-resets-after", ""))


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds after which a refused request may be sent again, by the headers of the refusal; zero when not told."""
    for name, unit in (("retry-after-ms", 0.001), ("x-ms-retry-after-ms", 0.001), ("retry-after", 1.0)):
        if (text := headers.get(name, "")).isdecimal():
            return float(text) * unit
    return until_more(headers)


def _seconds(text: str) -> float:
    """Of ``hh:mm:ss``; five, which is the window of the quota, when it is something else."""
    parts = text.partition(".")[0].split(":")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return 5.0
    hours, minutes, seconds = map(int, parts)
    return 3600.0 * hours + 60.0 * minutes + seconds
