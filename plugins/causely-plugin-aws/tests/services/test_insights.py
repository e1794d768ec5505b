"""What Performance Insights tells."""

import time

from ..watching import watched
from ..world import key

ORDERS = f"Database:{key('rds', 'orders')}"


def load(kind, value):
    dimensions = {"Dimensions": {"db.wait_event_type.name": kind}} if kind else {}
    point = {"Timestamp": time.time() // 60 * 60 - 60, "Value": value}
    return {"Key": {"Metric": "db.load.avg", **dimensions}, "DataPoints": [point]}


async def test_the_share_of_sessions_that_wait_for_locks(tmp_path, section, world, front):
    world.database()
    front.lacking.insights = True
    front.lacking.loads = [load(None, 8.0), load("Lock", 5.0), load("LWLock", 1.0), load("IO", 1.0), load("CPU", 1.0)]
    async with watched(tmp_path, section) as seen:
        await seen.until(lambda: (ORDERS, "lock_wait_share") in seen.values)
    assert seen.values[ORDERS, "lock_wait_share"] == 0.75
    assert seen.values[ORDERS, "storage_wait_share"] == 0.125
    assert seen.values[ORDERS, "database_load"] == 4.0  # of two processors


async def test_without_it_nobody_is_asked(tmp_path, section, world, front):
    world.database()
    async with watched(tmp_path, section) as seen:
        await seen.until(lambda: (ORDERS, "storage_full") in seen.values)
    assert front.count("GetResourceMetrics") == 0
