"""From a URL to a store."""

from __future__ import annotations

from urllib.parse import urlsplit

from causely_core.errors import ConfigError
from causely_core.timeseries.memory import MemoryStore
from causely_core.timeseries.store import TimeSeriesStore
from causely_core.timeseries.victoria_metrics import VictoriaMetricsStore


def open_store(url: str | None, writer: str = "") -> TimeSeriesStore:
    """VictoriaMetrics at ``url``, or a store in memory for None; nothing is connected yet.

    Args:
        url: such as ``http://victoriametrics:8428``.
        writer: name of who writes, unique among all that write there; a store in memory has one writer.

    Raises:
        ConfigError: the URL is not one of ``http`` or ``https`` with a host.
    """
    if url is None:
        return MemoryStore()
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"time series store: {url!r} is no URL like http://victoriametrics:8428")
    return VictoriaMetricsStore(url, writer)
