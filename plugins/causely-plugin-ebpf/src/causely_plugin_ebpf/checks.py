"""What a machine lacks for eBPF, told before anything is tried."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from causely_core.host import Need, held, unmet
from causely_plugin_ebpf.kernel.cache import kept
from causely_plugin_ebpf.kernel.compiling import DEBIAN
from causely_plugin_ebpf.kernel.headers import environment
from causely_plugin_ebpf.kernel.sources import Sight, source
from causely_plugin_ebpf.kernel.tracefs import mounted

NEEDED = (
    Need(("CAP_BPF", "CAP_SYS_ADMIN"), "programs cannot be loaded into the kernel"),
    Need(("CAP_PERFMON", "CAP_SYS_ADMIN"), "programs cannot look at what the kernel does"),
)
"""Without any of these nothing can be watched."""

WANTED = (
    Need(
        ("CAP_SYS_PTRACE",),
        "libraries and programs in containers are not found: requests encrypted by OpenSSL or Go are not read",
    ),
    Need(
        ("CAP_NET_ADMIN",),
        "who answers for a Service of Kubernetes is read from /proc/net/nf_conntrack, which is slow, or not known",
    ),
)
"""Without these less is seen."""


def lacking(host: Path, folder: Path) -> Iterator[str]:
    """What is missing, one short line each: without any of it nothing can be watched.

    Args:
        host: where the node's root is.
        folder: where compiled programs are kept; with these, or those that came with the agent, neither bcc nor
            headers are needed.
    """
    if os.geteuid() != 0:
        yield "not root"
        return
    for need in unmet(NEEDED, held()):
        yield f"no {need.capabilities[0]}: {need.off}"
    try:
        mounted()
    except OSError as problem:
        yield str(problem)
    if kept(source(Sight.AUTO).path, folder) is None:
        if not Path(DEBIAN, "bcc").is_dir():
            yield f"no bcc, expected Debian's python3-bpfcc in {DEBIAN}"
        if environment(host, folder / "headers") is None:
            yield "no kernel headers, expected those of any kernel in /usr/src (linux-headers-amd64)"
