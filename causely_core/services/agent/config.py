"""Configuration of the agent."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from attrs import field, frozen
from attrs.validators import gt, min_len

from causely_core.hookspecs import CPU_BUDGET
from causely_core.services.watching.config import WatchConfig
from causely_core.wire.tls import TlsConfig


def default_name() -> str:
    """``agent-`` and the node's name: ``NODE_NAME`` of the environment, which a DaemonSet sets, else the host's."""
    return f"agent-{os.environ.get('NODE_NAME') or socket.gethostname()}"


@frozen
class AgentConfig(WatchConfig):
    """The ``agent`` section, with the settings of :class:`WatchConfig`.

    Attributes:
        name: unique among the agents of a mediator, and the same after a restart.
        enabled: whether ``causely run`` starts an agent; none when it runs as root. ``causely agent`` always does.
        mediator: address of the mediator's port for agents; ``causely run`` takes its own.
        mediator_tls: how to speak to the mediator; none for plaintext.
        host_root: where the host's file system is mounted, read-only is enough.
        cpu_budget: share of one processor core that each plugin may use.
    """

    name: str = field(factory=default_name, validator=min_len(1))
    enabled: bool | None = None
    mediator: str = "127.0.0.1:50051"
    mediator_tls: TlsConfig | None = None
    host_root: Path = Path("/")
    cpu_budget: float = field(default=CPU_BUDGET, validator=gt(0))

    @property
    def wanted(self) -> bool:
        """Whether ``causely run`` starts an agent: most of what it watches is hidden from all but root."""
        return os.getuid() == 0 if self.enabled is None else self.enabled
