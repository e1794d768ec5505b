"""The sequenced links between the parts: model to protobuf, a durable spool, a sender and a receiver."""

from causely_core.wire.errors import WireError
from causely_core.wire.update import Payload, Snapshot, Update

__all__ = ["Payload", "Snapshot", "Update", "WireError"]
