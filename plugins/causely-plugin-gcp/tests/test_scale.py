"""Calls are few, however many resources there are."""

import time

from causely_plugin_gcp.services import SERVICES

from .crowd import fill
from .watching import watched

RESOURCES = 5000
ASSET_QUOTA = 100
"""ListAssets requests a minute of a project, by Google's documentation."""
WATCHED = ("sql", "pubsub", "compute")


async def test_five_thousand_resources_take_five_requests_and_one_a_metric(cloud, tmp_path):
    fill(cloud, RESOURCES)
    metrics = sum(len(SERVICES[name].metrics) for name in WATCHED)
    section = cloud.section(tmp_path, interval=60.0, resources_interval=300.0)
    async with watched(tmp_path, section) as found:
        await found.until(lambda: len(found.topology.entities) == RESOURCES, 60.0)
        await found.until(lambda: len(found.values) == 3 * RESOURCES // 5, 60.0)
    assert cloud.asked["cloudasset"] == 5 < ASSET_QUOTA
    assert cloud.asked["monitoring"] == metrics
    assert cloud.asked["token"] == 1
    assert not found.said


async def test_requests_keep_to_what_the_settings_allow(cloud, tmp_path):
    cloud.page = 1
    fill(cloud, 25)
    # A sixth of a minute's requests may be made at once, the others wait for half a second each.
    start = time.monotonic()
    async with watched(tmp_path, cloud.section(tmp_path, asset_requests=120.0, resources_interval=300.0)) as found:
        await found.until(lambda: found.deltas)
    assert cloud.asked["cloudasset"] == 25
    assert time.monotonic() - start > 2.0
