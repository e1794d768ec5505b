"""Configuration of whoever watches."""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import gt


@frozen
class ManualThreshold:
    """A threshold set by a person; wins over learned and default ones.

    Attributes:
        symptom: the symptom's name, such as ``RequestLatency_High``.
        value: in the attribute's unit (docs/attributes.md).
        entity: an entity id; empty for every entity that the labels match.
        labels: entity attributes that must all be equal.
    """

    symptom: str
    value: float
    entity: str = ""
    labels: dict[str, str] = field(factory=dict)


UNNAMED = "default"
"""Stands for the cluster's name where nobody has said one."""


@frozen
class WatchConfig:
    """What the sections of agent and mediator share.

    Attributes:
        name: unique among the senders that the next hop hears; it keeps their cursors by it.
        cluster: the name of the cluster that is watched.
        timeseries: base URL of VictoriaMetrics; empty keeps a bounded store in memory.
        detection_interval: seconds between judgements.
        spool_max_bytes: updates kept on disk while the next hop is away.
        settle_after: seconds after the start at which everything is told once more; what a former life said, and this
            one has not said by then, is void.
        thresholds: set by people.
        discoverer_limit: entities and relations that one discoverer may tell; one that tells more is refused, and
            what it told before stays.
    """

    name: str = ""
    cluster: str = UNNAMED
    timeseries: str = ""
    detection_interval: float = field(default=2.0, validator=gt(0))
    spool_max_bytes: int = field(default=64 * 1024 * 1024, validator=gt(0))
    settle_after: float = field(default=300.0, validator=gt(0))
    thresholds: list[ManualThreshold] = field(factory=list)
    discoverer_limit: int = field(default=1_000_000, validator=gt(0))

    @property
    def cluster_name(self) -> str:
        """What the cluster is called by who has written the configuration; empty when it is not."""
        return "" if self.cluster == UNNAMED else self.cluster
