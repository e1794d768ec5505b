"""The plugin's configuration."""

from __future__ import annotations

from pathlib import Path

from attrs import field, frozen, validators

from causely_core.kubernetes import REFUSED_PAUSE


@frozen
class KubernetesConfig:
    """Which cluster to look at.

    Attributes:
        kubeconfig: a file as ``kubectl`` has it; none for the service account of the pod.
        context: of the kubeconfig; empty for its current one.
        flush_interval: seconds from one delta of the topology to the next.
        refused_interval: seconds after which, at the latest, is asked again for what may not be read, or did not
            exist.
        conditions_interval: seconds after which what is not well is told again.
        config_maps: namespaces whose ConfigMaps are followed, so that another configuration shows as a change. The
            account must be allowed to read them; only digests of their data are kept.
    """

    kubeconfig: Path | None = None
    context: str = ""
    flush_interval: float = field(default=0.5, validator=validators.gt(0))
    refused_interval: float = field(default=REFUSED_PAUSE, validator=validators.gt(0))
    conditions_interval: float = field(default=2.0, validator=validators.gt(0))
    config_maps: list[str] = field(factory=list)
