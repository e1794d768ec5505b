"""Configuration of the agent."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

from attrs import Attribute, field, frozen
from attrs.validators import gt, min_len

from causely_core.hookspecs import CPU_BUDGET
from causely_core.services.watching.config import WatchConfig
from causely_core.wire.tls import TlsConfig


def default_name() -> str:
    """``agent-`` and the node's name: ``NODE_NAME`` of the environment, which a DaemonSet sets, else the host's."""
    return f"agent-{os.environ.get('NODE_NAME') or socket.gethostname()}"


LEAST_MEMORY = 128 * 1024 * 1024
"""Bytes below which no limit makes sense: an agent that sees next to nothing takes 110 MiB."""


def _none_or_enough(_: Any, attribute: Attribute[int], value: int) -> None:
    if value and value < LEAST_MEMORY:
        raise ValueError(f"{attribute.name}: expected 0 for no limit, or {LEAST_MEMORY} bytes or more, found {value}")


def _absolute(_: Any, attribute: Attribute[Path], value: Path) -> None:
    if not value.is_absolute():
        raise ValueError(f"{attribute.name}: expected an absolute path such as / or /host, found {str(value)!r}")


@frozen
class AgentConfig(WatchConfig):
    """The ``agent`` section, with the settings of :class:`WatchConfig`.

    Attributes:
        name: unique among the agents of a mediator, and the same after a restart.
        enabled: whether ``causely run`` starts an agent; none when it runs as root. ``causely agent`` always does.
        mediator: address of the mediator's port for agents; ``causely run`` takes its own.
        mediator_tls: how to speak to the mediator; none for plaintext.
        host_root: where the host's file system is mounted, read-only is enough.
        node: the machine's name in Kubernetes; empty for its host name.
        cpu_budget: share of one processor core that each plugin may use.
        memory_limit: bytes of resident memory that ``causely agent`` may take; 0 for no limit. ``causely run``, which
            has other parts in its process, does not heed it.
    """

    name: str = field(factory=default_name, validator=min_len(1))
    enabled: bool | None = None
    mediator: str = "127.0.0.1:50051"
    mediator_tls: TlsConfig | None = None
    host_root: Path = field(default=Path("/"), validator=_absolute)
    node: str = ""
    cpu_budget: float = field(default=CPU_BUDGET, validator=gt(0))
    memory_limit: int = field(default=256 * 1024 * 1024, validator=_none_or_enough)

    @property
    def wanted(self) -> bool:
        """Whether ``causely run`` starts an agent: most of what it watches is hidden from all but root."""
        return os.getuid() == 0 if self.enabled is None else self.enabled
