"""Configuration of the mediator."""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import gt

from causely_core.egress.policy import EgressPolicy
from causely_core.wire.tls import TlsConfig


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


@frozen
class MediatorConfig:
    """The ``mediator`` section.

    Attributes:
        name: unique among the mediators of an analyzer; cursors are kept by it.
        cluster: the name of the cluster it watches.
        agents_listen: address for agents and the executor.
        analyzer: address of the analyzer's gRPC port.
        timeseries: base URL of VictoriaMetrics; empty keeps a bounded store in memory.
        detection_interval: seconds between judgements.
        spool_max_bytes: updates kept on disk while the analyzer is away.
        thresholds: set by people.
        egress: what may cross to the analyzer.
        analyzer_tls: how to speak to the analyzer; none for plaintext.
        agents_tls: how to serve agents; none for plaintext.
    """

    name: str = "mediator"
    cluster: str = "default"
    agents_listen: str = "127.0.0.1:50051"
    analyzer: str = "127.0.0.1:50055"
    timeseries: str = ""
    detection_interval: float = field(default=2.0, validator=gt(0))
    spool_max_bytes: int = field(default=64 * 1024 * 1024, validator=gt(0))
    thresholds: list[ManualThreshold] = field(factory=list)
    egress: EgressPolicy = field(factory=EgressPolicy)
    analyzer_tls: TlsConfig | None = None
    agents_tls: TlsConfig | None = None
