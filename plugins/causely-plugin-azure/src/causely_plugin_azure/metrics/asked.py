"""A request for metrics, as Azure wants it. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from azure.core.rest import HttpRequest

from causely_plugin_azure.metrics.plan import MetricsRequest

_VERSION = "2024-02-01"
_MOST_THINGS = 1000
"""Values of a dimension that are told apart; of the others nothing is told."""


def batch_request(request: MetricsRequest, begin: float, end: float) -> HttpRequest:
    """The request for what happened from ``begin`` to ``end``, in seconds since the epoch."""
    parameters = {
        "api-version": _VERSION,
        "starttime": _written(begin),
        "endtime": _written(end),
        "interval": f"PT{request.grain // 60}M",
        "metricnamespace": request.namespace,
        "metricnames": ",".join(request.names),
        "aggregation": ",".join(request.aggregations),
    }
    if request.split:
        parameters |= {"filter": f"{request.split} eq '*'", "top": str(_MOST_THINGS)}
    ids = {"resourceids": [each.resource.id for each in request.asked]}
    path = f"/subscriptions/{request.subscription}/metrics:getBatch"
    return HttpRequest("POST", path, params=parameters, json=ids)


def _written(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
