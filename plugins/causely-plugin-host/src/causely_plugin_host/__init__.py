"""The machine for causely: its processes, containers and disks, and what they use."""

from causely_plugin_host.config import HostConfig
from causely_plugin_host.plugin import HostPlugin

__all__ = ["HostConfig", "HostPlugin"]
