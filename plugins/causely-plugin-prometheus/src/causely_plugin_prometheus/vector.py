"""Instant vectors: the answer to a query, one value for each set of labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import field, frozen

if TYPE_CHECKING:
    import requests

Labels: TypeAlias = Mapping[str, str]


@frozen
class Sample:
    """One series of a vector.

    Attributes:
        labels: its labels, ``__name__`` too where the query kept it.
        value: may be infinite, or no number at all.
    """

    labels: Labels = field(hash=False)
    value: float


Vector: TypeAlias = Sequence[Sample]


def vector(result: Any) -> Vector:
    """What ``data.result`` of the server's JSON means.

    Raises:
        LookupError, TypeError, ValueError: it is no instant vector.
    """
    return [Sample(dict(each["metric"]), float(each["value"][1])) for each in result]


def partial(response: requests.Response) -> str:
    """Why the answer may lack something, in the server's words; empty when nothing is said of that.

    Prometheus, Thanos and Mimir warn; VictoriaMetrics' cluster has a field of its own. Most answers have neither,
    and are not parsed for it.
    """
    content = response.content
    if b'"warnings"' not in content and b'"isPartial":true' not in content:
        return ""
    said = response.json()
    warnings = "; ".join(str(each) for each in said.get("warnings") or ())
    return warnings or ("some of its storage did not answer" if said.get("isPartial") else "")
