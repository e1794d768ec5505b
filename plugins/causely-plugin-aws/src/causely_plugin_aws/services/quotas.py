"""Service quotas: how much of each is used, where AWS measures that."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from causely_core.model import Entity, EntityType
from causely_plugin_aws.call import Call
from causely_plugin_aws.measure import Measure, Stat
from causely_plugin_aws.resource import Resource, Service, Subject

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api

# Pages have at most 100; 10 calls a second ("Service Quotas endpoints and quotas").
_QUOTAS = Call("service-quotas", "list_service_quotas", "servicequotas:ListServiceQuotas", "Quotas")
_PAGE = 100

_CODES = ("dynamodb", "ec2", "elasticloadbalancing", "lambda", "rds", "sns", "vpc")
"""Services whose quotas stop what runs, and not only who makes new things by hand."""


async def find(api: Api) -> AsyncIterator[Resource]:
    """See :class:`Service`."""
    for code in _CODES:
        async for raw in api.items(_QUOTAS, ServiceCode=code, MaxResults=_PAGE):
            if raw.get("UsageMetric", {}).get("MetricName") and raw.get("Value"):
                yield quota(raw, code, api)


def quota(raw: Mapping[str, Any], code: str, api: Api) -> Resource:
    """A quota; the service in the region has the worst of its own."""
    entity = Entity.of(
        EntityType.CLOUD_SERVICE,
        api.key(code, "").rstrip("/"),
        f"{raw.get('ServiceName', code)} in {api.region}",
        {"cloud.provider": "aws", "cloud.account.id": api.account, "cloud.region": api.region},
    )
    usage = raw["UsageMetric"]
    stat = Stat(usage["MetricName"], usage.get("MetricStatisticRecommendation") or "Maximum")
    measure = Measure("service_quota_utilization", (stat,), _used)
    dimensions, facts = usage.get("MetricDimensions", {}), {"quota": float(raw["Value"])}
    subject = Subject(entity.id, usage["MetricNamespace"], dimensions, (measure,), facts)
    return Resource(entity, raw.get("QuotaArn", ""), subjects=(subject,))


def _used(seen: Sequence[float | None], facts: Mapping[str, float]) -> float | None:
    return None if seen[0] is None else seen[0] / facts["quota"]


SERVICE = Service("quotas", (_QUOTAS,), find)
