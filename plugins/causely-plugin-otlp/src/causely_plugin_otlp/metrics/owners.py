"""Owners: the entity whose attribute a point tells."""

from __future__ import annotations

from attrs import define

from causely_core.model import EntityId
from causely_core.traffic.live_topology import LiveTopology
from causely_plugin_otlp import semconv
from causely_plugin_otlp.attributes import Attributes, text
from causely_plugin_otlp.metrics.rules import Owner
from causely_plugin_otlp.resource import Place
from causely_plugin_otlp.traces.messages import queue_of

_QUEUE = (*semconv.QUEUE_NAME, "topic")


def owner_of(owner: Owner, place: Place) -> EntityId | None:
    """The entity of a place that a rule means; none when the resource does not name it."""
    if owner is Owner.NODE:
        return place.node
    if owner is Owner.POD:
        return place.pod
    if owner is Owner.CONTAINER and place.container:
        return place.container
    return None if place.reporter else place.service


@define
class Queues:
    """Queues and topics by the attributes of points.

    Attributes:
        topology: where they are noted.
    """

    topology: LiveTopology

    def of(self, metric: str, attributes: Attributes, now: float) -> EntityId | None:
        """The queue or topic that a point names; none without one, or when there is no room for it."""
        system = text(attributes, semconv.QUEUE_SYSTEM) or ("kafka" if "kafka" in metric else "")
        named: Attributes = {semconv.QUEUE_NAME[0]: text(attributes, _QUEUE), semconv.QUEUE_SYSTEM[0]: system}
        queue = queue_of(named)
        return queue.id if queue and self.topology.add(queue, now, rank=-1) else None
