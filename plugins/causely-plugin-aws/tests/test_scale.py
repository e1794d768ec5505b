"""Five thousand resources: how often AWS is asked, which is what its quotas and its bill are about."""

from collections import Counter
from itertools import islice
from pathlib import Path

from causely_plugin_aws.cloudwatch import BATCH

from . import crowd
from .watching import watched

METRICS = {"rds": 9, "sqs": 4, "lambda": 5, "dynamodb": 14, "sns": 3}
"""Of each resource, as the README has them."""
MANY = {
    "rds": crowd.DATABASES,
    "sqs": crowd.QUEUES,
    "lambda": crowd.FUNCTIONS,
    "dynamodb": crowd.TABLES,
    "sns": crowd.TOPICS,
}


async def test_a_discovery_asks_a_page_at_a_time_and_metrics_five_hundred_at_a_time(tmp_path, section, front):
    front.answer = crowd.answer
    given = {"services": crowd.SERVICES, "requests_per_second": 1000, "concurrency": 8}
    async with watched(tmp_path, section, **given) as seen:
        await seen.until(lambda: len(seen.topology.entities) > crowd.ALL, 120)
        metrics = sum(METRICS[name] * many for name, many in MANY.items()) + 1  # Lambda's concurrency
        batches = -(-metrics // BATCH)
        await seen.until(lambda: front.count("GetMetricData") >= batches, 120)
        made = Counter(call.operation for call in front.seen)
    assert made == {**crowd.LISTED, **crowd.OTHERS, "GetMetricData": batches}
    assert seen.said == []
    assert len(seen.deltas) == 1 or sum(len(each.entities) for each in islice(seen.deltas, 1, None)) <= crowd.ALL


async def test_the_rate_that_is_set_is_kept_to(tmp_path, section, front, world):
    """Two queues, asked for once in a tenth of a second, while two calls in a second are allowed."""
    world.queue()
    given = {"services": ["sqs"], "requests_per_second": 2, "resources_interval": 0.1, "values_interval": 3600}
    async with watched(tmp_path, section, **given) as seen:
        await seen.until(lambda: front.count("ListQueues") >= 6)
    times = [call.at for call in front.seen]
    assert times[-1] - times[0] >= (len(times) - 1 - 4) / 2 - 0.2  # four at once are allowed first


def test_the_readme_says_what_is_billed():
    told = (Path(__file__).parents[1] / "README.md").read_text()
    assert "| `rds` | `sqs` | `lambda` | `dynamodb` | `sns` |" in told
    assert f"| {' | '.join(map(str, METRICS.values()))} |" in told
    assert f"5,000 resources ({MANY['rds']} databases" in told
    assert f"are {sum(crowd.LISTED.values()) + sum(crowd.OTHERS.values())}\ncalls" in told
