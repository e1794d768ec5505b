"""The connections to Google, which all of the plugin shares; loading this module loads Google's libraries."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from causely_plugin_gcp.identity import Identity
from causely_plugin_gcp.monitoring import Monitoring
from causely_plugin_gcp.rest import Rest

if TYPE_CHECKING:
    from causely_plugin_gcp.config import GcpConfig
    from causely_plugin_gcp.tally import Tally


class Clients:
    """One of each.

    Attributes:
        inventory: Cloud Asset Inventory.
        compute: Compute Engine.
        monitoring: Cloud Monitoring.
        tally: counts requests.
    """

    def __init__(self, config: GcpConfig, tally: Tally) -> None:
        """Prepare; nothing is sent before something is asked."""
        self._threads = ThreadPoolExecutor(config.concurrency, "gcp")
        self._identity, self.tally = Identity(config), tally
        shared = config, self._identity, self._threads, self.tally
        self.inventory = Rest("cloudasset", config.asset_requests, *shared)
        self.compute = Rest("compute", config.compute_requests, *shared)
        self.monitoring = Monitoring(*shared)

    async def close(self) -> None:
        """End connections and threads; a request that is under way in one ends with its own deadline."""
        await self.monitoring.close()
        self.inventory.close()
        self.compute.close()
        self._identity.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
