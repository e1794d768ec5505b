"""Configuration of the analyzer."""

from __future__ import annotations

from pathlib import Path

from attrs import field, frozen
from attrs.validators import and_, ge, gt, le

from causely_core.wire.tls import TlsConfig


@frozen
class AnalyzerConfig:
    """The ``analyzer`` section.

    Attributes:
        listen: address for mediators (gRPC); port 0 takes a free one.
        api_listen: address of the API and web UI; port 0 takes a free one.
        database_url: SQLAlchemy URL; none for ``analyzer.db`` in the data folder.
        confirm_after: seconds a root cause must stay inferred before it is shown.
        hold: seconds a root cause stays shown after it was last inferred, against flapping.
        min_probability: of a root cause and its alternatives on the same entity, together, to be shown, 0..1.
        retention_days: how long cleared symptoms and root causes are kept.
        tls: how to serve mediators; none for plaintext.
        token: file with the tokens of which mediators must show one, one a line; none to serve whoever can connect.
    """

    listen: str = "127.0.0.1:50055"
    api_listen: str = "127.0.0.1:8080"
    database_url: str | None = None
    confirm_after: float = field(default=2.0, validator=ge(0))
    hold: float = field(default=4.0, validator=ge(0))
    min_probability: float = field(default=0.5, validator=and_(ge(0), le(1)))
    retention_days: float = field(default=30.0, validator=gt(0))
    tls: TlsConfig | None = None
    token: Path | None = None

    def database(self, data_dir: Path) -> str:
        """The URL of the database of an analyzer with this data folder."""
        return self.database_url or f"sqlite:///{data_dir / 'analyzer.db'}"
