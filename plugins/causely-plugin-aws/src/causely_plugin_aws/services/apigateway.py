"""API Gateway: REST APIs (v1), and HTTP and WebSocket APIs (v2), with the functions behind them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from causely_core.model import EntityId, EntityType, Relation, RelationType, entity_id
from causely_plugin_aws.call import Call
from causely_plugin_aws.describing import described
from causely_plugin_aws.measure import Measure, Stat, count, gauge, rate, share
from causely_plugin_aws.resource import Resource, Service, Subject
from causely_plugin_aws.services.targets import target

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api

# Pages have at most 500; 10 calls a second in all, GetResources 5 in 2 s ("Amazon API Gateway quotas").
_PAGE = 500
_POSITION = ("position", "position")
_GET = "apigateway:GET"
_APIS = Call("apigateway", "get_rest_apis", _GET, "items", _POSITION, ("arn:*:apigateway:*::/restapis",))
_PATHS = Call("apigateway", "get_resources", _GET, "items", _POSITION, ("arn:*:apigateway:*::/restapis/*/resources",))
_HTTP = Call("apigatewayv2", "get_apis", _GET, "Items", resources=("arn:*:apigateway:*::/apis",))
_INTEGRATIONS = Call(
    "apigatewayv2", "get_integrations", _GET, "Items", resources=("arn:*:apigateway:*::/apis/*/integrations",)
)

_FUNCTION = re.compile(r"arn:[a-z-]+:lambda:[a-z0-9-]+:\d+:function:[^/]+")


def _own(seen: Sequence[float | None], _: Mapping[str, float]) -> float | None:
    whole, behind = seen
    return None if whole is None else max(whole - (behind or 0.0), 0.0) / 1000.0


def _measures(failed: str) -> tuple[Measure, ...]:
    return (
        rate("request_rate", "Count"),
        count("request_count", "Count"),
        share("error_rate", (failed,), "Count"),
        gauge("request_duration.p95", "Latency", "p95", 0.001),
        Measure("request_duration.self", (Stat("Latency"), Stat("IntegrationLatency")), _own),
    )


_V1, _V2 = _measures("5XXError"), _measures("5xx")


async def find(api: Api) -> AsyncIterator[Resource]:
    """See :class:`Service`."""
    async for raw in api.items(_APIS, limit=_PAGE):
        paths = [each async for each in api.items(_PATHS, restApiId=raw["id"], limit=_PAGE, embed=["methods"])]
        yield rest(raw, paths, api)
    async for raw in api.items(_HTTP, MaxResults=str(_PAGE)):
        integrations = [each async for each in api.items(_INTEGRATIONS, ApiId=raw["ApiId"], MaxResults=str(_PAGE))]
        yield http(raw, integrations, api)


def rest(raw: Mapping[str, Any], paths: Iterable[Mapping[str, Any]], api: Api) -> Resource:
    """A REST API."""
    methods = (method for path in paths for method in path.get("resourceMethods", {}).values())
    uris = (method.get("methodIntegration", {}).get("uri", "") for method in methods)
    return _gateway(raw["id"], raw.get("name", ""), f"/restapis/{raw['id']}", {"ApiName": raw["name"]}, _V1, uris, api)


def http(raw: Mapping[str, Any], integrations: Iterable[Mapping[str, Any]], api: Api) -> Resource:
    """An HTTP or WebSocket API."""
    uris = (each.get("IntegrationUri", "") for each in integrations)
    id = raw["ApiId"]
    return _gateway(id, raw.get("Name", ""), f"/apis/{id}", {"ApiId": id}, _V2, uris, api)


def _gateway(
    id: str,
    name: str,
    path: str,
    dimensions: Mapping[str, str],
    measures: tuple[Measure, ...],
    uris: Iterable[str],
    api: Api,
) -> Resource:
    entity = described(api, EntityType.LOAD_BALANCER, "apigateway", id, {"aws.apigateway.name": name})
    return Resource(
        entity,
        f"arn:{api.partition}:apigateway:{api.region}::{path}",
        tuple(Relation(entity.id, RelationType.ROUTES_TO, each) for each in sorted({*_behind(uris)})),
        # The addresses are shared by all APIs.
        names={f"{id}.execute-api.{api.region}.amazonaws.com": entity.id},
        subjects=(Subject(entity.id, "AWS/ApiGateway", dimensions, measures),),
    )


def _behind(uris: Iterable[str]) -> Iterator[EntityId]:
    """Functions by their ARN, which a URI of v1 has in it; else the host of an address."""
    for uri in uris:
        if (found := _FUNCTION.search(uri)) and (function := target(found[0])):
            yield function
        elif uri.startswith(("http://", "https://")):
            yield entity_id(EntityType.EXTERNAL_SERVICE, uri.split("/")[2].lower())


SERVICE = Service("apigateway", (_APIS, _PATHS, _HTTP, _INTEGRATIONS), find)
