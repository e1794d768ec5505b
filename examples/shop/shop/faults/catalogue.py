"""The faults on offer, and the service that each one strikes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FaultInfo:
    """A fault's name, what it does in plain words, and the service where it happens."""

    name: str
    description: str
    where: str


CATALOGUE = {
    fault.name: fault
    for fault in (
        FaultInfo("slow-sql", "The product query does about half a second of needless work.", "catalog"),
        FaultInfo("lock-contention", "A nightly job locks all of stock for 1.2 s at a time.", "inventory"),
        FaultInfo("cpu-burn", "Busy threads keep a whole core and the interpreter lock.", "cart"),
        FaultInfo("error-leaf", "Every second call raises an unhandled exception.", "recommendations"),
        FaultInfo("dead-downstream", "The process is killed with SIGKILL and stays dead.", "payment"),
        FaultInfo("slow-third-party", "The bank takes about 0.9 s to answer.", "bank"),
        FaultInfo("pool-exhaustion", "A report keeps every pooled connection for 1.2 s at a time.", "orders"),
        FaultInfo("slow-consumer", "The label printer takes 0.6 s a parcel; parcels queue up.", "shipping"),
        FaultInfo("memory-leak", "About 12 MB a second are retained, up to 600 MB.", "catalog"),
    )
}
