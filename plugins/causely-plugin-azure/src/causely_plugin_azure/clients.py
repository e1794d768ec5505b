"""Clients of Azure's libraries, made when they are needed first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from azure.core import AsyncPipelineClient
from azure.core.pipeline.policies import AsyncBearerTokenCredentialPolicy, UserAgentPolicy
from azure.core.rest import AsyncHttpResponse, HttpRequest
from azure.mgmt.resourcegraph.aio import ResourceGraphClient
from azure.monitor.query.aio import LogsQueryClient
from azure.monitor.querymetrics.aio import MetricsClient

from causely_plugin_azure.credentials import credential

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from causely_plugin_azure.config import AzureConfig


class Clients:
    """One client of an API, or of an API in a region; they share a credential."""

    def __init__(self, config: AzureConfig) -> None:
        """Nothing is opened yet."""
        self._config = config
        self._credential: AsyncTokenCredential | None = None
        self._clients: dict[str, Any] = {}

    def graph(self) -> ResourceGraphClient:
        """Of Resource Graph."""
        client: ResourceGraphClient = self._client("graph", self._new_graph)
        return client

    def metrics(self, region: str) -> MetricsClient:
        """Of the metrics of ``region``."""
        client: MetricsClient = self._client(f"metrics/{region}", lambda: self._new_metrics(region))
        return client

    def logs(self) -> LogsQueryClient:
        """Of Log Analytics."""
        client: LogsQueryClient = self._client("logs", self._new_logs)
        return client

    async def get(self, path: str) -> dict[str, Any]:
        """What Azure Resource Manager answers to a GET.

        Args:
            path: with the query, from the first slash; or a whole address, as links to next pages are.

        Raises:
            HttpResponseError: it refuses.
        """
        client: AsyncPipelineClient[HttpRequest, AsyncHttpResponse] = self._client("arm", self._new_arm)
        base = self._base()
        address = path if path.startswith(f"{base}/") else f"{base}{path}"
        response = await client.send_request(HttpRequest("GET", address))
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer

    async def close(self) -> None:
        """Close all, and the credential; they are made anew should somebody ask again."""
        opened = [*self._clients.values(), *([self._credential] if self._credential is not None else [])]
        self._clients, self._credential = {}, None
        for each in opened:
            await each.close()

    def _client(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._clients:
            self._clients[name] = make()
        return self._clients[name]

    def _base(self) -> str:
        return self._config.endpoints.resource_manager.rstrip("/")

    def _new_graph(self) -> ResourceGraphClient:
        scopes = [f"{self._base()}/.default"]
        return ResourceGraphClient(self._who(), self._base(), credential_scopes=scopes, **self._options())

    def _new_arm(self) -> AsyncPipelineClient[HttpRequest, AsyncHttpResponse]:
        who = AsyncBearerTokenCredentialPolicy(self._who(), f"{self._base()}/.default")
        return AsyncPipelineClient(self._base(), policies=[UserAgentPolicy(), who], **self._options())

    def _new_metrics(self, region: str) -> MetricsClient:
        endpoints = self._config.endpoints
        address = endpoints.metrics.replace("{region}", region)
        return MetricsClient(address, self._who(), audience=endpoints.metrics_audience, **self._options())

    def _new_logs(self) -> LogsQueryClient:
        return LogsQueryClient(self._who(), endpoint=self._config.endpoints.logs, **self._options())

    def _who(self) -> AsyncTokenCredential:
        if self._credential is None:
            self._credential = credential(self._config.credential, self._config.endpoints.ca_file)
        return self._credential

    def _options(self) -> dict[str, Any]:
        """Requests are not repeated by the clients, for each counts against a quota."""
        ca_file, timeout = self._config.endpoints.ca_file, self._config.timeout
        verify = {} if ca_file is None else {"connection_verify": str(ca_file)}
        return {"retry_total": 0, "connection_timeout": timeout, "read_timeout": timeout, **verify}
