"""The plugin's section of the configuration file, ``plugins.host``."""

from __future__ import annotations

from typing import Any

from attrs import Attribute, field, frozen, validators

from causely_core.host import KubeletAccess
from causely_core.kubernetes import FOLDER


def _address(_: Any, attribute: Attribute[str], value: str) -> None:
    if value and not value.startswith("https://"):
        raise ValueError(f"{attribute.name}: expected an address such as https://10.0.0.7:10250, found {value!r}")


@frozen
class HostConfig:
    """What to look at and how often.

    Attributes:
        interval: seconds from one batch of observations to the next.
        discovery_interval: seconds from one look at who listens where, and at disks, to the next.
        connections_interval: seconds from one look at all TCP sockets to the next; 0 for none.
        max_sockets: TCP sockets looked at each time; of more, only some are, and that is logged.
        entity_ttl: seconds after which what is no longer there is deleted; restarts take less.
        max_entities: entities kept; more are not created, and counted.
        api_url: where the Kubernetes API tells the pods of this node; empty for that of the cluster that the agent
            runs in, if it runs in one.
        api_account: folder with the files ``token`` and ``ca.crt`` of a service account that may list and watch pods.
        kubelet_url: where the kubelet tells what its pods use; empty where there is none.
        kubelet_token: file with the token to show to it.
        kubelet_authority: file with the certificates that vouch for it; empty trusts any, as it has to be where
            kubelets sign their own.
        kubelet_timeout: seconds for its answer.
        kubelet_interval: seconds from one reading of what it tells of storage, and of containers that cannot be
            measured otherwise, to the next; its own values are 10 to 20 seconds old.
    """

    interval: float = field(default=5.0, validator=validators.gt(0))
    discovery_interval: float = field(default=10.0, validator=validators.gt(0))
    connections_interval: float = field(default=10.0, validator=validators.ge(0))
    max_sockets: int = field(default=50_000, validator=validators.ge(1))
    entity_ttl: float = field(default=60.0, validator=validators.ge(0))
    max_entities: int = field(default=10_000, validator=validators.ge(1))
    api_url: str = field(default="", validator=_address)
    api_account: str = FOLDER
    kubelet_url: str = field(default="", validator=_address)
    kubelet_token: str = KubeletAccess("").token
    kubelet_authority: str = KubeletAccess("").authority
    kubelet_timeout: float = field(default=5.0, validator=validators.gt(0))
    kubelet_interval: float = field(default=20.0, validator=validators.gt(0))
