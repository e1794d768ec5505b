"""The plugin as the mediator runs it: its collectors and its discoverer, and all that they tell."""

import re

from causely_plugin_azure import AzureConfig, AzurePlugin
from opentelemetry.metrics import NoOpMeter
from structlog.testing import CapturingLogger

from causely_core.config import structure
from causely_core.hookspecs import HookContext
from causely_core.model import SystemClock
from causely_core.testing import watching


def context(tmp_path, section, component="mediator"):
    config = structure(section, AzureConfig, "plugins.azure")
    return HookContext(component, config, SystemClock(), CapturingLogger(), NoOpMeter("test"), tmp_path)


def watched(tmp_path, section):
    """The plugin at work with some settings."""
    return watching(AzurePlugin, section, tmp_path)


def ids(found):
    """Of resources; services in regions are ``CloudService:azure/<region>/<service>``."""
    return {id for id in found.topology.entities if not re.fullmatch(r"CloudService:azure/[^/]+/[^/]+", id)}
