"""Azure for causely."""

from causely_plugin_azure.config import AzureConfig
from causely_plugin_azure.plugin import AzurePlugin

__all__ = ["AzureConfig", "AzurePlugin"]
