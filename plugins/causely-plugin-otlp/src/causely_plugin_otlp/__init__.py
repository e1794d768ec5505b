"""OpenTelemetry for causely: receives OTLP and turns it into topology and observations."""

from causely_plugin_otlp.config import OtlpConfig
from causely_plugin_otlp.plugin import OtlpPlugin

__all__ = ["OtlpConfig", "OtlpPlugin"]
