"""The server, asked from the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from causely_plugin_prometheus.mapping.alert_rule import FIRING

if TYPE_CHECKING:
    from causely_plugin_prometheus.alertmanager import Alertmanager
    from causely_plugin_prometheus.answer import Answer
    from causely_plugin_prometheus.config import PrometheusConfig
    from causely_plugin_prometheus.connection import Connection


class Server:
    """Asks as many queries at once as the settings allow, each thread over a connection of its own.

    The threads are its own: those of the event loop are for all plugins, and a server that hangs would hold them.
    """

    def __init__(self, config: PrometheusConfig) -> None:
        """Prepare; threads and connections are made when they are needed first."""
        self._config = config
        self._threads = ThreadPoolExecutor(config.concurrency, "prometheus")
        self._own = threading.local()

    async def ask(self, query: str) -> Answer:
        """The instant vector of a PromQL query.

        Raises:
            QueryError: there is no answer, or it is none that can be used.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: self._connection().ask(query))

    async def alerts(self) -> Answer:
        """The alerts that Alertmanager has, or else those that the server itself says fire.

        Raises:
            QueryError: there is no answer, or it is none that can be used.
        """
        if not self._config.alertmanager.url:
            return await self.ask(FIRING)
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: self._alertmanager().alerts())

    async def names(self) -> Sequence[str]:
        """The names of all metrics that the server has.

        Raises:
            QueryError: it does not tell.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: self._connection().names())

    def _alertmanager(self) -> Alertmanager:
        from causely_plugin_prometheus.alertmanager import Alertmanager

        if not hasattr(self._own, "alertmanager"):
            self._own.alertmanager = Alertmanager(self._config)
        found: Alertmanager = self._own.alertmanager
        return found

    def _connection(self) -> Connection:
        # Takes a third of a second to import, which the event loop need not wait for.
        from causely_plugin_prometheus.connection import Connection

        if not hasattr(self._own, "connection"):
            self._own.connection = Connection(self._config)
        found: Connection = self._own.connection
        return found
