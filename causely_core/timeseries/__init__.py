"""Where raw series are kept, inside the cluster."""

from causely_core.timeseries.memory import MemoryStore
from causely_core.timeseries.open_store import open_store
from causely_core.timeseries.store import StoreStats, TimeSeriesStore
from causely_core.timeseries.victoria_metrics import VictoriaMetricsStore

__all__ = ["MemoryStore", "StoreStats", "TimeSeriesStore", "VictoriaMetricsStore", "open_store"]
