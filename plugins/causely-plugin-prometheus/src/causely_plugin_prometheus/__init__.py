"""Prometheus for causely: entities, relations and values out of any server that speaks PromQL."""

from causely_plugin_prometheus.config import PrometheusConfig
from causely_plugin_prometheus.plugin import PrometheusPlugin

__all__ = ["PrometheusConfig", "PrometheusPlugin"]
