"""Tags of all resources of a region, by one API for all services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from causely_plugin_aws.call import Call

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api

# Pages have at most 100 ("Resource Groups Tagging API Reference", GetResources, ResourcesPerPage), 15 calls a second.
TAGS = Call(
    "resourcegroupstaggingapi",
    "get_resources",
    "tag:GetResources",
    "ResourceTagMappingList",
    ("PaginationToken", "PaginationToken"),
)
_PAGE = 100


async def tags_of(api: Api, wanted: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
    """The tags of each resource by its ARN; only of those that have what is ``wanted``, if anything is.

    Raises:
        PollError: they cannot be had.
    """
    filters = [{"Key": key, **({"Values": [value]} if value else {})} for key, value in wanted.items()]
    more = {"TagFilters": filters} if filters else {}
    return {
        raw["ResourceARN"]: {tag["Key"]: tag["Value"] for tag in raw.get("Tags", ())}
        async for raw in api.items(TAGS, ResourcesPerPage=_PAGE, **more)
    }


def tagged(tags: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Whether ``tags`` have all that is ``wanted``, of which empty values stand for any."""
    return all(name in tags and value in ("", tags[name]) for name, value in wanted.items())
