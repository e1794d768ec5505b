"""Configuration of the mediator."""

from __future__ import annotations

from pathlib import Path

from attrs import field, frozen
from attrs.validators import gt

from causely_core.egress.policy import EgressPolicy
from causely_core.services.watching.config import WatchConfig
from causely_core.wire.tls import TlsConfig
from causely_core.wire.token import is_loopback


@frozen
class MediatorConfig(WatchConfig):
    """The ``mediator`` section, with the settings of :class:`WatchConfig`.

    Attributes:
        name: unique among the mediators of an analyzer; cursors are kept by it.
        agents_listen: address for agents and the executor.
        analyzer: address of the analyzer's gRPC port.
        egress: what may cross to the analyzer.
        analyzer_tls: how to speak to the analyzer; none for plaintext.
        analyzer_token: file with the token to show to the analyzer, the first line of it; over TLS or loopback only.
        agents_tls: how to serve agents; none for plaintext.
        spool_max_bytes: updates kept on disk while the analyzer is away; a snapshot that is larger is told without end.
        agents_away: seconds after which what an agent said is withdrawn, should it not come back.
    """

    name: str = "mediator"
    agents_listen: str = "127.0.0.1:50051"
    analyzer: str = "127.0.0.1:50055"
    egress: EgressPolicy = field(factory=EgressPolicy)
    analyzer_tls: TlsConfig | None = None
    analyzer_token: Path | None = None
    agents_tls: TlsConfig | None = None
    spool_max_bytes: int = field(default=256 * 1024 * 1024, validator=gt(0))
    agents_away: float = field(default=600.0, validator=gt(0))

    def __attrs_post_init__(self) -> None:
        """Refuse to show a token to whoever listens on the way.

        Raises:
            ValueError: there is a token, and neither TLS nor loopback.
        """
        if self.analyzer_token and self.analyzer_tls is None and not is_loopback(self.analyzer):
            raise ValueError(f"analyzer_token: it is sent over TLS only, expected analyzer_tls for {self.analyzer}")
