"""AWS for causely."""

from causely_plugin_aws.plugin import AwsPlugin

__all__ = ["AwsPlugin"]
