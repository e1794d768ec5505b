"""eBPF for causely: what the kernel sees of processes, their connections and what they ask of each other."""

from causely_plugin_ebpf.config import EbpfConfig
from causely_plugin_ebpf.plugin import EbpfPlugin

__all__ = ["EbpfConfig", "EbpfPlugin"]
