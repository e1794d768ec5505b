"""The analyzer's database: what senders said, how far, and what was concluded from it.

Nothing here thinks: an :class:`AnalyzerStore` writes updates with their cursor in one transaction, so that
what was acknowledged survives a crash at any point and is never applied twice.
"""

from causely_core.storage.errors import StorageError
from causely_core.storage.pages import Page
from causely_core.storage.record import RootCauseRecord
from causely_core.storage.state import State
from causely_core.storage.store import AnalyzerStore, Loaded, SenderRecord, SymptomRecord

__all__ = [
    "AnalyzerStore",
    "Loaded",
    "Page",
    "RootCauseRecord",
    "SenderRecord",
    "State",
    "StorageError",
    "SymptomRecord",
]
