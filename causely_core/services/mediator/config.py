"""Configuration of the mediator."""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import gt

from causely_core.egress.policy import EgressPolicy
from causely_core.services.watching.config import WatchConfig
from causely_core.wire.tls import TlsConfig


@frozen
class MediatorConfig(WatchConfig):
    """The ``mediator`` section, with the settings of :class:`WatchConfig`.

    Attributes:
        name: unique among the mediators of an analyzer; cursors are kept by it.
        agents_listen: address for agents and the executor.
        analyzer: address of the analyzer's gRPC port.
        egress: what may cross to the analyzer.
        analyzer_tls: how to speak to the analyzer; none for plaintext.
        agents_tls: how to serve agents; none for plaintext.
        agents_away: seconds after which what an agent said is withdrawn, should it not come back.
    """

    name: str = "mediator"
    agents_listen: str = "127.0.0.1:50051"
    analyzer: str = "127.0.0.1:50055"
    egress: EgressPolicy = field(factory=EgressPolicy)
    analyzer_tls: TlsConfig | None = None
    agents_tls: TlsConfig | None = None
    agents_away: float = field(default=600.0, validator=gt(0))
