"""Every built-in detector sees what it is for, and nothing in noise."""

from __future__ import annotations

import numpy as np
import pytest

from causely_core.detection import GrowthDetector, builtin_detectors

from .simulation import SHOP, STEP, Simulation

USUAL_AND_BAD = {
    "RequestLatency_High": (0.02, 0.5),
    "SelfTime_High": (0.02, 0.5),
    "ReadLatency_High": (0.01, 0.5),
    "WriteLatency_High": (0.01, 0.5),
    "ProcessingLatency_High": (0.05, 0.8),
    "ProcessingSelfTime_High": (0.05, 0.8),
    "MessageAge_High": (0.1, 5.0),
    "ConnectionPoolWait_High": (0.002, 0.5),
    "GarbageCollection_High": (0.02, 0.6),
    "GarbageCollectionTime_High": (0.01, 0.3),
    "MajorPageFaults_High": (1.0, 60.0),
    "RequestErrorRate_High": (0.01, 0.3),
    "SelfErrors_High": (0.01, 0.3),
    "Reachability_Low": (0.0, 0.5),
    "ErrorLogs_High": (0.1, 5.0),
    "RequestRate_High": (20.0, 120.0),
    "PublishRate_High": (20.0, 120.0),
    "RowsRead_High": (2_000.0, 40_000.0),
    "OpenFileDescriptors_High": (150.0, 900.0),
    "CPUUtilization_High": (0.3, 0.97),
    "CPUUsage_High": (0.3, 1.9),
    "MemoryUtilization_High": (0.5, 0.97),
    "DiskUtilization_High": (0.4, 0.97),
    "ConnectionPoolUtilization_High": (0.4, 1.0),
    "ClientRequestLatency_High": (0.02, 0.5),
    "DatabaseCallLatency_High": (0.01, 0.5),
    "APIServerLatency_High": (0.05, 1.5),
    "SchedulingLatency_High": (0.1, 20.0),
    "DNSLatency_High": (0.002, 0.5),
    "DiskIOLatency_High": (0.002, 0.3),
    "CachePoolWait_High": (0.001, 0.5),
    "LockWait_High": (0.02, 0.6),
    "CPUPressure_High": (0.05, 0.7),
    "MemoryPressure_High": (0.01, 0.6),
    "ReplicationLag_High": (0.5, 60.0),
    "ConsumerLag_High": (2.0, 120.0),
    "ClientRequestErrorRate_High": (0.01, 0.3),
    "Throttled_High": (0.0, 0.3),
    "Unauthorized_High": (0.01, 0.3),
    "Unrouted_High": (0.005, 0.4),
    "DNSErrorRate_High": (0.001, 0.5),
    "APIServerErrors_High": (0.001, 0.2),
    "ConnectionFailures_High": (0.002, 0.3),
    "CacheMisses_High": (0.1, 0.7),
    "PacketLoss_High": (0.0005, 0.05),
    "Retransmits_High": (0.002, 0.1),
    "ClientRequestRate_High": (20.0, 120.0),
    "DNSQueryRate_High": (5.0, 80.0),
    "UnhandledExceptions_High": (0.05, 4.0),
    "Evictions_High": (0.5, 50.0),
    "Rebalances_High": (0.0, 0.5),
    "DiskErrors_High": (0.0, 3.0),
    "FileDescriptorUtilization_High": (0.2, 0.99),
    "ListenQueue_High": (0.1, 1.0),
    "HeapUtilization_High": (0.5, 0.98),
    "CachePoolUtilization_High": (0.3, 1.0),
    "ThreadsPerCPU_High": (1.0, 16.0),
    "CPUThrottling_High": (0.02, 0.6),
    "CPURequestUtilization_High": (0.6, 3.0),
    "EphemeralStorage_High": (0.3, 0.98),
    "DiskIOPS_High": (0.3, 1.0),
    "DiskThroughput_High": (0.3, 1.0),
    "Inodes_High": (0.4, 0.99),
    "Conntrack_High": (0.3, 0.99),
    "SNATPorts_High": (0.3, 0.99),
    "PIDs_High": (0.3, 0.97),
    "ConnectionsUtilization_High": (0.4, 1.0),
    "ResourceQuota_High": (0.5, 1.0),
    "Deployment_Changed": (0.0, 1.0),
    "Certificate_Expired": (0.6, 1.01),
    "Readiness_Low": (0.0, 1.0),
    "Probe_Failing": (0.01, 1.0),
    "ImagePull_Failing": (0.0, 1.0),
    "Crashes_High": (0.0, 1.0),
    "OOMKills_High": (0.0, 1.0),
    "Restarts_High": (0.0, 3.0),
    "PodEvictions_High": (0.0, 2.0),
    "Pods_Unschedulable": (0.0, 2.0),
    "Replicas_Unavailable": (0.0, 0.5),
    "Rollout_Stalled": (0.0, 1.0),
    "HPA_AtMax": (0.0, 1.0),
    "Replicas_Scaled": (0.0, 1.0),
    "Node_Cordoned": (0.0, 1.0),
    "Pods_Drained": (0.0, 2.0),
    "Jobs_Failing": (0.0, 1.0),
    "MemoryPressure_Reported": (0.0, 1.0),
    "DiskPressure_Reported": (0.0, 1.0),
    "PIDPressure_Reported": (0.0, 1.0),
    "VolumeMount_Failing": (0.0, 1.0),
    "Claim_Pending": (0.0, 1.0),
    "UnhealthyTargets_High": (0.0, 0.5),
    "PartitionsWithoutLeader_High": (0.0, 3.0),
}
"""Of each symptom's attribute."""

COUNT = 2_000
LEVELS = [each for each in builtin_detectors() if not isinstance(each, GrowthDetector)]
EACH_LEVEL = pytest.mark.parametrize("detector", LEVELS, ids=lambda detector: detector.symptom)


def values(detector, level):
    """One sample of all attributes that the detector looks at; counts come after what is judged."""
    _, *counts = detector.attributes
    return {
        name.replace(".", "__"): value for name, value in [(detector.attribute, level), *((c, COUNT) for c in counts)]
    }


def noisy(detector, usual, random):
    """A sample as it would be with nothing wrong: shares by chance, what counts from 0 with a rare single blip."""
    if len(detector.attributes) > 1:
        return random.binomial(COUNT, usual) / COUNT
    return usual * random.lognormal(0.0, 0.15) if usual else float(random.random() < 0.02)


@EACH_LEVEL
def test_a_clear_case_is_seen_within_twenty_seconds_and_ends(detector):
    usual, bad = USUAL_AND_BAD[detector.symptom]
    world = Simulation(detectors=(detector,))
    world.run(40, **values(detector, usual))
    assert world.log == []
    assert world.seconds_until(detector.symptom, **values(detector, bad)) <= 20.0
    assert world.active[SHOP, detector.symptom].onset == pytest.approx(1_000.0 + 41 * STEP, abs=4 * STEP)
    world.seconds_until(detector.symptom, active=False, **values(detector, usual))


@EACH_LEVEL
def test_ten_minutes_of_noise_are_calm(detector):
    usual, _ = USUAL_AND_BAD[detector.symptom]
    random, world = np.random.default_rng(3), Simulation(detectors=(detector,))
    for _ in range(300):
        world.step(**values(detector, noisy(detector, usual, random)))
    assert world.log == []


@pytest.mark.parametrize(
    "name", ["RequestRate_High", "PublishRate_High", "ClientRequestRate_High", "DNSQueryRate_High"]
)
def test_more_than_twice_the_usual_rate_is_a_surge(name):
    detector = next(each for each in builtin_detectors() if each.symptom == name)
    world = Simulation(detectors=(detector,))
    world.run(40, **values(detector, 20.0))
    world.run(20, **values(detector, 38.0))
    assert world.log == []
    assert world.seconds_until(name, **values(detector, 50.0)) <= 20.0


@pytest.mark.parametrize(("name", "severity"), [("Deployment_Changed", 0.5), ("Readiness_Low", 1.0)])
def test_a_change_is_not_as_severe_as_what_is_wrong(name, severity):
    detector = next(each for each in builtin_detectors() if each.symptom == name)
    world = Simulation(detectors=(detector,))
    world.run(10, **values(detector, 1.0))
    assert world.active[SHOP, name].severity == severity
