"""The plugin's configuration."""

from __future__ import annotations

from pathlib import Path

from attrs import field, frozen, validators


@frozen
class KubernetesConfig:
    """Which cluster to look at.

    Attributes:
        kubeconfig: a file as ``kubectl`` has it; none for the service account of the pod.
        context: of the kubeconfig; empty for its current one.
        flush_interval: seconds from one delta of the topology to the next.
    """

    kubeconfig: Path | None = None
    context: str = ""
    flush_interval: float = field(default=0.5, validator=validators.gt(0))
