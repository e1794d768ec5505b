"""Cloud Run: services, and what their metrics mean. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from causely_core.model import EntityType, RelationType
from causely_plugin_gcp.asset import Asset
from causely_plugin_gcp.found import Found, Link, entity, given
from causely_plugin_gcp.metric import Metric, percentile, requests
from causely_plugin_gcp.outcomes import Outcomes
from causely_plugin_gcp.service import Service

_KEY = "run/{resource.location}/{resource.service_name}"


def service(asset: Asset) -> Found:
    """A service, as the API describes it in its first version or in its second."""
    most = _most(asset.data)
    return Found(
        asset.name,
        entity(asset, EntityType.CLOUD_SERVICE, "run"),
        links=tuple(_databases(asset)),
        hosts=given(urlsplit(url).hostname for url in _urls(asset.data)),
        keys=(f"run/{asset.location}/{asset.short}",),
        limits={"instances": most} if most else {},
    )


def _annotations(data: Mapping[str, Any]) -> Mapping[str, Any]:
    template = (data.get("spec") or {}).get("template") or {}
    found: Mapping[str, Any] = (template.get("metadata") or {}).get("annotations") or {}
    return found


def _most(data: Mapping[str, Any]) -> float:
    """The most instances that it may have; zero when nobody says."""
    second = ((data.get("template") or {}).get("scaling") or {}).get("maxInstanceCount")
    return float(_annotations(data).get("autoscaling.knative.dev/maxScale") or second or 0)


def _urls(data: Mapping[str, Any]) -> list[str]:
    first = (data.get("status") or {}).get("url")
    return [str(url) for url in (first, data.get("uri"), *(data.get("urls") or ())) if url]


def _databases(asset: Asset) -> Iterator[Link]:
    """The instances of Cloud SQL that it connects to."""
    told = str(_annotations(asset.data).get("run.googleapis.com/cloudsql-instances") or "").split(",")
    for volume in (asset.data.get("template") or {}).get("volumes") or ():
        told += (volume.get("cloudSqlInstance") or {}).get("instances") or ()
    for name in filter(None, told):
        project, _, rest = name.partition(":")
        instance = rest.rpartition(":")[2]
        yield Link(RelationType.CALLS, f"//cloudsql.googleapis.com/projects/{project}/instances/{instance}")


RUN = Service(
    "run",
    {"run.googleapis.com/Service": service},
    (
        requests("run.googleapis.com/request_count", _KEY, Outcomes("metric.response_code", throttled="429")),
        percentile("run.googleapis.com/request_latencies", "request_duration.p95", _KEY, 1e-3),
        Metric("run.googleapis.com/container/cpu/utilizations", "gcp.cpu_utilization", _KEY, "ALIGN_PERCENTILE_95"),
        Metric(
            "run.googleapis.com/container/memory/utilizations", "gcp.memory_utilization", _KEY, "ALIGN_PERCENTILE_95"
        ),
        Metric(
            "run.googleapis.com/container/instance_count",
            "gcp.instance_utilization",
            _KEY,
            "ALIGN_MAX",
            "REDUCE_SUM",
            per="instances",
        ),
        percentile("run.googleapis.com/container/startup_latencies", "gcp.startup_duration.p95", _KEY, 1e-3),
        Metric(
            "run.googleapis.com/container/startup_latencies",
            "gcp.start_rate",
            _KEY,
            "ALIGN_DELTA",
            "REDUCE_SUM",
            scale=1 / 60,
        ),
    ),
)
