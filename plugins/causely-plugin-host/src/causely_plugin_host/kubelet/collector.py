"""The collector of what the kubelet tells and the agent does not see itself."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

from causely_core.host import KubeletClient, container_of, pod_of
from causely_core.model import ObservationBatch
from causely_core.rhythm import beat
from causely_plugin_host.counters import Counters
from causely_plugin_host.kubelet.cadvisor import KILLS, METRICS, Page, parse_page
from causely_plugin_host.kubelet.disks import kubelet_disks
from causely_plugin_host.kubelet.ephemeral import ephemeral_shares
from causely_plugin_host.kubelet.inquiry import Inquiry
from causely_plugin_host.kubelet.stand_in import container_stand_in, lost_share
from causely_plugin_host.kubelet.summary import Summary, parse_summary
from causely_plugin_host.kubelet.unseen import Unseen, unseen
from causely_plugin_host.rows import Row, rows

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_plugin_host.sight import Sight

SUMMARY, CADVISOR = "/stats/summary", "/metrics/cadvisor"


class KubeletCollector:
    """Reads ``/stats/summary`` every few seconds, and ``/metrics/cadvisor`` where that is needed.

    One rule keeps a series from being written twice: **what the agent reads itself, only the agent tells.** From the
    summary come the ephemeral storage of containers and the disks that the agent does not see. cAdvisor stands in for
    a container that runs and whose control group cannot be read, and for the network of a pod of which no process is
    seen; while there is no such container, its page, the kubelet's longest, is not asked for at all.

    Attributes:
        name: ``kubelet``.
        sight: looks at the machine.
    """

    name = "kubelet"

    def __init__(self, context: HookContext, sight: Sight, kubelet: KubeletClient) -> None:
        self._context, self.sight, self._kubelet = context, sight, kubelet
        self._counters = Counters()
        self._storage, self._cadvisor = (Inquiry(context.config.kubelet_interval, context.logger) for _ in range(2))

    async def observe(self) -> AsyncIterator[ObservationBatch]:
        """Give at every interval what the kubelet has answered last; nothing of a page while it does not.

        It is told again until the kubelet is asked anew, for detectors believe three samples of half a minute.
        """
        config, told, asked = self._context.config, tuple[Row, ...](), -math.inf
        while True:
            now = self._context.clock.now()
            # A moment early, as two whose intervals are multiples of each other must not just miss each other.
            if not 0 <= now - asked < config.kubelet_interval * 0.9:
                asked, told = now, await self._ask(now)
            yield ObservationBatch.at(now, told)
            await beat(config.interval)

    async def _ask(self, now: float) -> tuple[Row, ...]:
        seen = await self.sight.look()
        missing = await asyncio.to_thread(unseen, self.sight.machine.root, seen, self.sight.pods)
        summary = await self._storage.answer(now, lambda: self._kubelet.json(SUMMARY, parse_summary))
        page = await self._cadvisor.answer(now, lambda: self._page(missing, now)) if missing else None
        return await asyncio.to_thread(self._read, summary, page or Page(), missing, now)

    async def _page(self, missing: Unseen, now: float) -> Page:
        return await self._kubelet.metrics(CADVISOR, METRICS, lambda text: parse_page(text, missing.pods, now))

    def _read(self, summary: Summary | None, page: Page, missing: Unseen, now: float) -> tuple[Row, ...]:
        self._counters.begin(now)
        stored = self._stored(summary) if summary else ()
        return (*stored, *self._stand_in(page, missing))

    def _stored(self, summary: Summary) -> Iterator[Row]:
        machine, pods = self.sight.machine, {pod.uid: pod for pod in self.sight.pods}
        for each in summary.pods:
            if pod := pods.get(each.uid):
                for name, value in ephemeral_shares(pod, each, summary.node.capacity):
                    yield from rows(container_of(pod, name).id, [value])
        self.sight.told.disks = kubelet_disks(machine.root, machine.node, pods, summary)
        for disk in self.sight.told.disks:
            told = disk.told
            yield from rows(disk.entity.id, (("disk_utilization", told.space), ("inode_utilization", told.inodes)))

    def _stand_in(self, page: Page, missing: Unseen) -> Iterator[Row]:
        kills = {}
        for pod, info in missing.containers:
            id = container_of(pod, info.name).id
            told = page.containers.get(((pod.namespace, pod.name), info.name), {})
            yield from rows(id, container_stand_in(id, told, info, self._counters))
            if KILLS in told:
                kills[id] = told[KILLS].value
        self.sight.told.kills = kills
        for pod in missing.networks:
            if network := page.networks.get((pod.namespace, pod.name)):
                id = pod_of(pod).id
                yield from rows(id, [("packet_loss", lost_share(id, *network, self._counters))])
