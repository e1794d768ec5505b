"""How things are, by a real API server: what is written into status and events is observed, and what clears as well."""

import asyncio
from contextlib import asynccontextmanager
from itertools import count

import pytest
from causely_plugin_kubernetes import KubernetesConfig, KubernetesPlugin
from structlog import get_logger

from causely_core.hookspecs import HookContext
from causely_core.model import Series

from .shop import PLACED, UNREADY, Ahead, Shop, now, running, waiting

NUMBERS = count()


@pytest.fixture
def shop(writer):
    name = f"conditions-{next(NUMBERS)}"
    writer.create("/api/v1/namespaces", {"metadata": {"name": name}})
    writer.create(f"/api/v1/namespaces/{name}/serviceaccounts", {"metadata": {"name": "default"}})
    yield (opened := Shop(writer, name))
    opened.close()


@pytest.fixture
def watching(kubeconfig, tmp_path):
    """What the plugin of a mediator observes: the latest value of each series, as it comes."""

    @asynccontextmanager
    async def watch(**settings):
        config = KubernetesConfig(kubeconfig=kubeconfig, flush_interval=0.05, conditions_interval=0.05, **settings)
        context = HookContext("mediator", config, Ahead(), get_logger(), None, tmp_path)
        plugin, latest, listed = KubernetesPlugin(), {}, asyncio.Event()
        (collector,), (discoverer,) = plugin.causely_collectors(context), plugin.causely_discoverers(context)
        tasks = [
            asyncio.create_task(_observe(collector, latest)),
            asyncio.create_task(_discover(discoverer, listed)),
        ]
        try:
            async with asyncio.timeout(60.0):
                await listed.wait()
            yield Latest(latest)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return watch


async def _observe(collector, latest):
    async for batch in collector.observe():
        latest.update(zip(batch.series, batch.values, strict=True))


async def _discover(discoverer, listed):
    async for _ in discoverer.discover():
        listed.set()


class Latest:
    def __init__(self, values):
        self.values = values

    async def says(self, entity, attribute, value):
        async with asyncio.timeout(60.0):
            while self.values.get(Series(entity, attribute)) != pytest.approx(value):
                await asyncio.sleep(0.02)

    def of(self, namespace):
        return {(s.entity, s.attribute): v for s, v in self.values.items() if namespace in s.entity}


async def test_what_is_well_is_told_and_is_zero(shop, watching):
    shop.open()
    async with watching() as latest:
        await latest.says(f"Container:{shop.namespace}/cart-1/main", "not_ready", 0)
        await latest.says(shop.workload, "replicas_unavailable_share", 0)
        await latest.says(shop.workload, "change", 0)
        await latest.says(shop.service, "change", 0)
        await latest.says(f"Node:{shop.node}", "disk_pressure_condition", 0)
        assert set(latest.of(shop.namespace).values()) == {0.0}


async def test_containers_that_restart_are_killed_or_have_no_image(shop, watching):
    shop.open()
    async with watching() as latest:
        await latest.says(shop.workload, "change", 0)
        looping = shop.pod_is("cart-0", waiting("CrashLoopBackOff", 3, reason="Error"), (UNREADY, PLACED))
        await latest.says(looping, "restart_count", 3)
        await latest.says(looping, "not_ready", 1)
        await latest.says(shop.workload, "stuck_pods", 1)
        killed = shop.pod_is("cart-1", waiting("CrashLoopBackOff", 1, reason="OOMKilled", exitCode=137))
        await latest.says(killed, "oom_kill_count", 1)
        pulling = shop.pod("cart-2", waiting("ImagePullBackOff"), (UNREADY, PLACED))
        await latest.says(pulling, "image_pull_failing", 1)
        shop.pod_is("cart-2", running())
        await latest.says(pulling, "image_pull_failing", 0)
        await latest.says(pulling, "not_ready", 0)


async def test_events_tell_of_probes_and_mounts_and_are_not_kept(shop, watching):
    shop.open()
    main, pod = f"Container:{shop.namespace}/cart-0/main", f"Pod:{shop.namespace}/cart-0"
    async with watching() as latest:
        await latest.says(main, "probe_failure_rate", 0)
        for number in (1, 2, 3):
            shop.event("Unhealthy", "cart-0", "Liveness probe failed: connection refused", number)
        await latest.says(main, "probe_failure_rate", 1)
        shop.event("FailedMount", "cart-0", "MountVolume.SetUp failed for volume data", 1, path="")
        await latest.says(pod, "volume_mount_failing", 1)


async def test_pods_that_find_no_node_are_evicted_or_missing(shop, watching):
    shop.open()
    unplaced = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}
    async with watching() as latest:
        shop.pod("cart-2", {}, (unplaced,), placed=False, phase="Pending", containerStatuses=[])
        await latest.says(shop.workload, "unschedulable_pods", 1)
        shop.pod_is("cart-1", running(), (), phase="Failed", reason="Evicted", startTime=now())
        await latest.says(f"Node:{shop.node}", "pod_eviction_count", 1)
        shop.available(1)
        await latest.says(shop.workload, "replicas_unavailable_share", 0.5)
        shop.writer.delete(f"{shop.core}/pods/cart-2")
        await latest.says(shop.workload, "unschedulable_pods", 0)


async def test_a_node_that_is_drained(shop, watching):
    shop.open()
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "cart-1"}}
    async with watching() as latest:
        await latest.says(f"Node:{shop.node}", "cordoned", 0)
        shop.writer.patch(f"/api/v1/nodes/{shop.node}", {"spec": {"unschedulable": True}})
        await latest.says(f"Node:{shop.node}", "cordoned", 1)
        shop.writer.create(f"{shop.core}/pods/cart-1/eviction", eviction)
        await latest.says(f"Node:{shop.node}", "drained_pod_count", 1)


@pytest.mark.parametrize(
    ("condition", "attribute"),
    [
        ({"type": "Ready", "status": "Unknown"}, "not_ready"),
        ({"type": "MemoryPressure", "status": "True"}, "memory_pressure_condition"),
        ({"type": "DiskPressure", "status": "True"}, "disk_pressure_condition"),
        ({"type": "PIDPressure", "status": "True"}, "pid_pressure_condition"),
    ],
)
async def test_conditions_of_a_node(shop, watching, condition, attribute):
    shop.open(pods=0)
    async with watching() as latest:
        await latest.says(f"Node:{shop.node}", attribute, 0)
        shop.node_is(condition)
        await latest.says(f"Node:{shop.node}", attribute, 1)


async def test_a_rollout_that_stalls_is_a_change_with_a_pod_that_cannot_run(shop, watching):
    shop.open()
    async with watching() as latest:
        await latest.says(shop.workload, "change", 0)
        shop.roll_out(image="registry.example/cart:2")
        await latest.says(shop.workload, "change", 1)
        await latest.says(shop.service, "change", 1)
        shop.pod("cart-2", waiting("ImagePullBackOff"), (UNREADY, PLACED))
        await latest.says(shop.workload, "rollout_stalled", 1)


async def test_scaling_is_no_change_and_an_autoscaler_at_its_end_is_told(shop, watching):
    shop.open()
    scaling = f"/apis/autoscaling/v2/namespaces/{shop.namespace}/horizontalpodautoscalers"
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "cart"}
    shop.writer.create(scaling, {"metadata": {"name": "cart"}, "spec": {"scaleTargetRef": target, "maxReplicas": 4}})
    limited = {"type": "ScalingLimited", "status": "True", "reason": "TooManyReplicas", "message": ""}
    async with watching() as latest:
        await latest.says(shop.workload, "hpa_at_max", 0)
        shop.writer.patch(f"{shop.apps}/deployments/cart", {"spec": {"replicas": 4}})
        assert latest.of(shop.namespace)[shop.workload, "autoscaling_count"] == 0
        counted = {"currentReplicas": 4, "desiredReplicas": 4, "lastScaleTime": now()}
        shop.writer.patch(f"{scaling}/cart/status", {"status": {**counted, "conditions": [limited]}})
        await latest.says(shop.workload, "hpa_at_max", 1)
        await latest.says(shop.workload, "autoscaling_count", 1)
        await latest.says(shop.workload, "replicas_unavailable_share", 0.5)
        assert latest.of(shop.namespace)[shop.workload, "change"] == 0


async def test_a_configuration_that_its_pods_read_is_a_change_where_it_may_be_read(shop, watching):
    configured = {"metadata": {"name": "settings"}, "data": {"level": "info"}}
    shop.writer.create(f"{shop.core}/configmaps", configured)
    shop.open(pods=0)
    shop.writer.patch(
        f"{shop.apps}/deployments/cart",
        {"spec": {"template": {"spec": {"volumes": [{"name": "s", "configMap": {"name": "settings"}}]}}}},
    )
    async with watching(config_maps=[shop.namespace]) as latest:
        await latest.says(shop.workload, "change", 0)
        shop.writer.patch(f"{shop.core}/configmaps/settings", {"data": {"level": "debug"}})
        await latest.says(shop.workload, "change", 1)


async def test_jobs_claims_and_quotas(shop, watching):
    jobs = f"/apis/batch/v1/namespaces/{shop.namespace}/jobs"
    spec = {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "main", "image": "x"}]}}}
    shop.writer.create(jobs, {"metadata": {"name": "nightly"}, "spec": spec})
    asked = {"volume.kubernetes.io/storage-provisioner": "csi.example"}
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    shop.writer.create(
        f"{shop.core}/persistentvolumeclaims", {"metadata": {"name": "data", "annotations": asked}, "spec": claim}
    )
    quota = {"metadata": {"name": "all"}, "spec": {"hard": {"pods": "10"}}}
    shop.writer.create(f"{shop.core}/resourcequotas", quota)
    async with watching() as latest:
        await latest.says(f"Disk:{shop.namespace}/data", "claim_pending", 1)
        failing = {
            "type": "FailureTarget",
            "status": "True",
            "lastTransitionTime": now(),
            "reason": "BackoffLimitExceeded",
        }
        failed = {**failing, "type": "Failed"}
        body = {"startTime": now(), "failed": 1, "conditions": [failing, failed]}
        shop.writer.patch(f"{jobs}/nightly/status", {"status": body})
        await latest.says(f"Workload:{shop.namespace}/Job/nightly", "failed_job_count", 1)
        used = {"status": {"hard": {"pods": "10"}, "used": {"pods": "9"}}}
        shop.writer.patch(f"{shop.core}/resourcequotas/all/status", used)
        await latest.says(f"Namespace:{shop.namespace}", "resource_quota_utilization", 0.9)
