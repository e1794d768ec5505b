"""Resource Graph: queries over all subscriptions, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen
from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions

from causely_core.polling import PollError
from causely_plugin_azure.config import ALL

if TYPE_CHECKING:
    from azure.mgmt.resourcegraph.models import QueryResponse

    from causely_plugin_azure.access import Access
    from causely_plugin_azure.config import AzureConfig

PAGE = 1000
"""Rows of a page, the most that Resource Graph gives."""

Row = Mapping[str, Any]


@frozen
class Rows:
    """What a query has given.

    Attributes:
        rows: they.
        missing: why there are not all of them; empty when there are.
        left_out: how many were not asked for, because there are more than may be taken.
    """

    rows: list[Row]
    missing: str = ""
    left_out: int = 0


class Graph:
    """Asks queries."""

    def __init__(self, access: Access, config: AzureConfig) -> None:
        """Ask through ``access``, within the scope that the settings tell."""
        self._access = access
        named = [each.lower() for each in config.subscriptions]
        self.subscriptions = [] if ALL in named else named
        """Those that the settings name; none for all."""
        self._groups = config.management_groups

    async def rows(self, query: str, most: int) -> Rows:
        """All rows of ``query``, but no more than ``most``, and those that there are when a later page fails.

        Raises:
            PollError: there is no first page.
        """
        answer = await self._page(query, None)
        rows = _rows(answer)
        while answer.skip_token and len(rows) < most:
            try:
                answer = await self._page(query, answer.skip_token)
            except PollError as problem:
                return Rows(rows, f"a page could not be had: {problem}")
            rows += _rows(answer)
        left_out = max(int(answer.total_records or 0), len(rows)) - min(len(rows), most)
        return Rows(rows[:most], left_out=left_out)

    async def _page(self, query: str, token: str | None) -> QueryResponse:
        request = QueryRequest(
            query=query,
            subscriptions=self.subscriptions or None,
            management_groups=self._groups or None,
            options=QueryRequestOptions(top=PAGE, skip_token=token, allow_partial_scopes=bool(self._groups)),
        )
        return await self._access.ask("graph", "", lambda: self._send(request))

    async def _send(self, request: QueryRequest) -> QueryResponse:
        graph = self._access.clients.graph()
        found: QueryResponse = await graph.resources(request, raw_response_hook=self._heard)
        return found

    def _heard(self, response: Any) -> None:
        headers = response.http_response.headers
        self._access.heard("graph", {name.lower(): value for name, value in headers.items()})


def _rows(answer: QueryResponse) -> list[Row]:
    data: Any = answer.data
    return [each for each in data if isinstance(each, Mapping)] if isinstance(data, list) else []
