"""The mediator: telemetry in, raw series to the time series store, topology and symptoms to the analyzer."""

from causely_core.services.mediator.config import MediatorConfig
from causely_core.services.mediator.service import Mediator

__all__ = ["Mediator", "MediatorConfig"]
