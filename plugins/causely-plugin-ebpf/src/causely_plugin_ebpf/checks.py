"""What a machine lacks for eBPF, told before anything is tried."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from causely_plugin_ebpf.kernel.cache import kept
from causely_plugin_ebpf.kernel.compiling import DEBIAN
from causely_plugin_ebpf.kernel.headers import environment
from causely_plugin_ebpf.kernel.sources import Sight, source
from causely_plugin_ebpf.kernel.tracefs import mounted


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
    try:
        mounted()
    except OSError as problem:
        yield str(problem)
    if kept(source(Sight.AUTO).path, folder) is None:
        if not Path(DEBIAN, "bcc").is_dir():
            yield f"no bcc, expected Debian's python3-bpfcc in {DEBIAN}"
        if environment(host, folder / "headers") is None:
            yield "no kernel headers, expected those of any kernel in /usr/src (linux-headers-amd64)"
