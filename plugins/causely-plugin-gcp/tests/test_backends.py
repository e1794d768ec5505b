"""The health of load balancers' backends."""

from .shop import build
from .watching import watched

WEB = "LoadBalancer:gcp/shop-prod/global/forwarding-rule/web"
SHARE = (WEB, "unhealthy_target_share")


async def test_the_share_is_of_all_endpoints_that_are_checked(cloud, tmp_path):
    build(cloud)
    cloud.health = {"k8s1-web": ["HEALTHY", "UNHEALTHY", "UNKNOWN"], "legacy": ["HEALTHY", "HEALTHY"], "mailer": []}
    async with watched(tmp_path, cloud.section(tmp_path, backend_health=True)) as found:
        await found.until(lambda: SHARE in found.values)
        assert found.values[SHARE] == 0.25
        assert cloud.asked["health"] >= 3
        cloud.health["legacy"] = ["UNHEALTHY", "UNHEALTHY"]
        await found.until(lambda: found.values[SHARE] == 0.75)


async def test_it_is_not_asked_for_unless_it_is_wanted(cloud, tmp_path):
    build(cloud)
    async with watched(tmp_path, cloud.section(tmp_path)) as found:
        await found.until(lambda: found.batches > 2)
        assert SHARE not in found.values
        assert cloud.asked["health"] == 0


async def test_what_may_not_be_asked_is_told_once(cloud, tmp_path):
    build(cloud)
    cloud.refuse("health", 403, times=10_000)
    async with watched(tmp_path, cloud.section(tmp_path, backend_health=True)) as found:
        await found.until(lambda: found.batches > 3)
        assert found.said == ["refused with PERMISSION_DENIED"]
        assert cloud.asked["health"] == 3
