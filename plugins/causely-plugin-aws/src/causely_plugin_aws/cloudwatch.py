"""CloudWatch: the data points of many metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from causely_core.polling import PollError
from causely_plugin_aws.call import Call
from causely_plugin_aws.chunks import chunks
from causely_plugin_aws.query import Points, Query, points

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api

# Quotas ("CloudWatch service quotas"): 500 metrics a call, 100,800 data points a call, 50 calls and 180,000 data points
# a second in a region of an account.
DATA = Call("cloudwatch", "get_metric_data", "cloudwatch:GetMetricData")
BATCH = 500


async def asked(api: Api, queries: Sequence[Query], begin: float, end: float) -> tuple[Mapping[Query, Points], str]:
    """The points of ``queries`` from ``begin`` to ``end``, seconds since the epoch; and why there may be more of them.

    A batch that fails holds up no other.
    """
    batches = await asyncio.gather(*(_batch(api, batch, begin, end) for batch in chunks(queries, BATCH)))
    found = {query: each for batch, _ in batches for query, each in batch.items()}
    return found, next((missing for _, missing in batches if missing), "")


async def _batch(
    api: Api, queries: Sequence[Query], begin: float, end: float
) -> tuple[dict[Query, dict[float, float]], str]:
    by_id = {f"q{index}": query for index, query in enumerate(queries)}
    parameters: dict[str, Any] = {
        "MetricDataQueries": [query.asked(id) for id, query in by_id.items()],
        "StartTime": datetime.fromtimestamp(begin, UTC),
        "EndTime": datetime.fromtimestamp(end, UTC),
    }
    found: dict[Query, dict[float, float]] = {}
    missing = ""
    try:
        while True:
            answer = await api.call(DATA, **parameters)
            for query, each in points(answer["MetricDataResults"], by_id).items():
                found.setdefault(query, {}).update(each)
            missing = missing or _lacking(answer)
            if not answer.get("NextToken"):
                return found, missing
            parameters["NextToken"] = answer["NextToken"]
    except PollError as problem:
        return found, str(problem)


def _lacking(answer: Mapping[str, Any]) -> str:
    """What CloudWatch itself could not find: PartialData only says that there is another page."""
    failed = [each for each in answer["MetricDataResults"] if each.get("StatusCode") in ("InternalError", "Forbidden")]
    return f"CloudWatch has no answer for some metrics: {failed[0]['StatusCode']}" if failed else ""
