"""Many resources: requests are within Azure's quotas, and no more of them than the README says."""

from math import ceil

from causely_plugin_azure.metrics.plan import MOST_RESOURCES

from .many import fill
from .resources import ONE, TWO
from .watching import ids, watched

NUMBER = 5000


async def test_five_thousand_resources_take_few_requests(azure, tmp_path):
    number = fill(azure, NUMBER)
    section = azure.section(ONE, TWO, resources_interval=3000, values_interval=3000, told_every=1.0, timeout=30.0)
    async with watched(tmp_path, section) as found:
        await found.until(lambda: len(ids(found)) == number, 120)
        # The subscriptions, the machines of scale sets, and the pages of all others: within the 15 that may be sent
        # at once, so that none was refused.
        assert azure.calls["graph"] == 2 + ceil(NUMBER / 1000)
        # Lists of queues and topics, and of event hubs.
        namespaces = [each for each in azure.rows["resources"] if each["type"].endswith("/namespaces")]
        lists = sum(2 if "servicebus" in each["type"] else 1 for each in namespaces)
        assert azure.calls["arm"] == lists
        assert found.said == []
        await found.until(lambda: len({id for id, _ in found.values}) > 0.8 * NUMBER, 120)
        places = {(each["type"], each["subscriptionId"], each["location"]) for each in azure.rows["resources"]}
        # Full requests, and for each kind and place one that is not; twice where a dimension comes apart.
        assert azure.calls["metrics"] <= 2 * (NUMBER / MOST_RESOURCES + len(places))
