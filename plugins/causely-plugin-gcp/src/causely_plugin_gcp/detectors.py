"""The detectors of the attributes that only Google Cloud has. Pure."""

from __future__ import annotations

from causely_core.judging import above, holds

_ANY = 1e-6  # 1/s; of what should not happen at all

DETECTORS = (
    holds("cloud-sql-down", "CloudSQL_Down", "gcp.down"),
    above("cloud-sql-failover", "CloudSQL_Failover", "gcp.failover_rate", _ANY),
    above("pubsub-oldest-message", "PubSub_OldestMessage", "gcp.oldest_message_age", 600.0),
    above("pubsub-dead-letters", "PubSub_DeadLetters", "gcp.dead_letter_rate", _ANY),
    above("cloud-run-instances", "CloudRun_AtMax", "gcp.instance_utilization", 0.95),
    above("cloud-run-starts", "CloudRun_SlowStarts", "gcp.startup_duration.p95", 10.0),
    above("cloud-run-cpu", "CloudRun_CPU", "gcp.cpu_utilization", 0.9),
    above("cloud-run-memory", "CloudRun_Memory", "gcp.memory_utilization", 0.9),
    above("spanner-cpu", "Spanner_HighPriorityCPU", "gcp.high_priority_cpu", 0.65),
    above("bigtable-hot-node", "Bigtable_HotNode", "gcp.hottest_node_cpu", 0.9),
    above("disk-reads-throttled", "PersistentDisk_ReadsThrottled", "gcp.throttled_read_rate", 1.0),
    above("disk-writes-throttled", "PersistentDisk_WritesThrottled", "gcp.throttled_write_rate", 1.0),
    holds("gke-degraded", "GKE_Degraded", "gcp.degraded"),
)
"""All of them. Spanner's and Bigtable's limits are those that Google recommends for their load."""
