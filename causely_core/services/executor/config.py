"""Configuration of the executor."""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import min_len

from causely_core.wire.tls import TlsConfig


@frozen
class ExecutorConfig:
    """The ``executor`` section.

    Attributes:
        name: unique among the executors of a mediator.
        mediator: address of the mediator's port for agents and executors.
        mediator_tls: how to speak to the mediator; none for plaintext.
    """

    name: str = field(default="executor", validator=min_len(1))
    mediator: str = "127.0.0.1:50051"
    mediator_tls: TlsConfig | None = None
