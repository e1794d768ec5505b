"""The machine: its processes, where they run and what they are called, and its disks; for any collector that sees it.

It reads ``/proc`` and ``/sys`` below a root, follows the node's pods, and asks its kubelet. A collector takes the
shared :class:`Machine`, and asks its :class:`Owners` whose a process is.
"""

from causely_core.host.capabilities import Need, held, tell_unmet, unmet
from causely_core.host.cgroups import Cgroup, parse_cgroup
from causely_core.host.conntrack import Conntrack
from causely_core.host.disks import Disk, Mount, disks, mounts, working
from causely_core.host.docker import Docker
from causely_core.host.kubelet_client import KubeletAccess, KubeletClient, KubeletError
from causely_core.host.machine import Machine
from causely_core.host.metric_lines import MetricSample, samples
from causely_core.host.node_pods import NodePods
from causely_core.host.owners import Owners
from causely_core.host.places import Owner, container_of, owner_of, pod_of
from causely_core.host.pod_list import claims, pod_info, quantity
from causely_core.host.pod_services import main_of, services_of, workloads
from causely_core.host.pods import ContainerInfo, NoPods, PodInfo, Pods
from causely_core.host.processes import Process, Processes
from causely_core.host.recent import WINDOW, Recent
from causely_core.host.root import HostRoot, link, read
from causely_core.host.sockets import Connection, Endpoint, Listening, Sockets
from causely_core.host.stat import Stat

__all__ = [
    "WINDOW",
    "Cgroup",
    "Connection",
    "Conntrack",
    "ContainerInfo",
    "Disk",
    "Docker",
    "Endpoint",
    "HostRoot",
    "KubeletAccess",
    "KubeletClient",
    "KubeletError",
    "Listening",
    "Machine",
    "MetricSample",
    "Mount",
    "Need",
    "NoPods",
    "NodePods",
    "Owner",
    "Owners",
    "PodInfo",
    "Pods",
    "Process",
    "Processes",
    "Recent",
    "Sockets",
    "Stat",
    "claims",
    "container_of",
    "disks",
    "held",
    "link",
    "main_of",
    "mounts",
    "owner_of",
    "parse_cgroup",
    "pod_info",
    "pod_of",
    "quantity",
    "read",
    "samples",
    "services_of",
    "tell_unmet",
    "unmet",
    "working",
    "workloads",
]
