"""Google Cloud for causely."""

from causely_plugin_gcp.config import GcpConfig
from causely_plugin_gcp.plugin import GcpPlugin

__all__ = ["GcpConfig", "GcpPlugin"]
