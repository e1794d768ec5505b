"""AWS for causely: managed services, how they are, and what calls them."""

from causely_plugin_aws.config import Account, AwsConfig
from causely_plugin_aws.plugin import AwsPlugin

__all__ = ["Account", "AwsConfig", "AwsPlugin"]
