"""Cloud Asset Inventory: all resources of a project, a thousand a request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from causely_plugin_gcp.rest import Rest

PAGE = 1000
"""Resources of one answer, the most that there may be."""

_FIELDS = "nextPageToken,assets(name,assetType,ancestors,resource(location,data))"


async def pages(rest: Rest, project: str, types: Sequence[str]) -> AsyncIterator[list[Any]]:
    """The resources of these asset types, page by page, as the API writes them.

    Raises:
        PollError: the next page cannot be had.
    """
    wanted: dict[str, Any] = {
        "contentType": "RESOURCE",
        "assetTypes": list(types),
        "pageSize": PAGE,
        "pageToken": None,
        "fields": _FIELDS,
    }
    while True:
        answer = await rest.ask("GET", f"/v1/projects/{project}/assets", params=wanted)
        yield list(answer.get("assets") or ())
        if not (token := str(answer.get("nextPageToken") or "")):
            return
        wanted["pageToken"] = token
