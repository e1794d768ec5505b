"""What the kubelet has told of late that others than its collector need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import define, field

from causely_core.model import EntityId
from causely_plugin_host.kubelet.disks import KubeletDisk


@define
class Told:
    """Filled by the collector of the kubelet's values; empty without a kubelet.

    Attributes:
        disks: those that the kubelet alone sees.
        kills: of containers whose control groups cannot be read: for want of memory, since the kubelet counts.
    """

    disks: Sequence[KubeletDisk] = ()
    kills: Mapping[EntityId, float] = field(factory=dict)
