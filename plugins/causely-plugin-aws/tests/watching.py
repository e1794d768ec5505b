"""The plugin as the mediator runs it: its collector and its discoverer, and all that they tell."""

from causely_plugin_aws import AwsConfig, AwsPlugin
from opentelemetry.metrics import NoOpMeter
from structlog.testing import CapturingLogger

from causely_core.config import structure
from causely_core.hookspecs import HookContext
from causely_core.model import SystemClock
from causely_core.testing import watching


def context(tmp_path, component="mediator", **settings):
    config = structure(settings, AwsConfig, "plugins.aws")
    return HookContext(component, config, SystemClock(), CapturingLogger(), NoOpMeter("test"), tmp_path)


def watched(tmp_path, section, **settings):
    """The plugin at work with some settings."""
    return watching(AwsPlugin, {**section, **settings}, tmp_path)
