"""The plugin as the mediator runs it: its collector and its discoverer, and all that they tell."""

from causely_plugin_prometheus import PrometheusConfig, PrometheusPlugin
from opentelemetry.metrics import NoOpMeter
from structlog.testing import CapturingLogger

from causely_core.hookspecs import HookContext
from causely_core.model import SystemClock
from causely_core.testing import watching


def context(tmp_path, component="mediator", **settings):
    config = PrometheusConfig(**settings)
    return HookContext(component, config, SystemClock(), CapturingLogger(), NoOpMeter("test"), tmp_path)


def watched(tmp_path, **settings):
    """The plugin at work with some settings."""
    given = {"interval": 0.5, "stale_after": 3.0, "window": "4s", **settings}
    return watching(PrometheusPlugin, given, tmp_path)
