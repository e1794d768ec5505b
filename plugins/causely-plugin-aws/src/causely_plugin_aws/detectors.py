"""Detectors of attributes that only this plugin has. Pure."""

from __future__ import annotations

from causely_core.hookspecs import SymptomDetector
from causely_core.judging import above, holds


def detectors() -> tuple[SymptomDetector, ...]:
    """One a symptom."""
    return (
        above("aws-burst-credits", "BurstCredits_Low", "burst_credits_used", 0.9, 1.0),
        holds("aws-storage-full", "Storage_Full", "storage_full"),
        holds("aws-failover", "Failover_Seen", "failover_count"),
        above("aws-port-allocation", "PortAllocationErrors_High", "port_allocation_error_rate", 0.01, 1.0),
    )
