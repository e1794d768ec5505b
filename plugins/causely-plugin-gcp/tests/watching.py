"""The plugin as the mediator runs it: its collector and its discoverer, and all that they tell."""

from causely_plugin_gcp import GcpConfig, GcpPlugin
from opentelemetry.metrics import NoOpMeter
from structlog.testing import CapturingLogger

from causely_core.config import structure
from causely_core.hookspecs import HookContext
from causely_core.model import SystemClock
from causely_core.testing import watching


class Log(CapturingLogger):
    """Keeps what is logged."""

    def bind(self, **_):
        return self


def context(tmp_path, section, component="mediator", meter=None):
    config = structure(section, GcpConfig, "plugins.gcp")
    return HookContext(component, config, SystemClock(), Log(), meter or NoOpMeter("test"), tmp_path)


def watched(tmp_path, section):
    """The plugin at work with some settings."""
    return watching(GcpPlugin, section, tmp_path)
