"""How much of a quota is used."""

from ..watching import watched
from ..world import ACCOUNT, REGION

VPC = f"CloudService:aws/{ACCOUNT}/{REGION}/vpc"


async def test_the_worst_quota_of_a_service_is_told(tmp_path, section, front, world):
    dimensions = {"Service": "VPC", "Resource": "NetworkInterface"}
    usage = {
        "MetricNamespace": "AWS/Usage",
        "MetricName": "ResourceCount",
        "MetricDimensions": dimensions,
        "MetricStatisticRecommendation": "Maximum",
    }
    front.lacking.quotas = {
        "vpc": [
            {"QuotaArn": "arn:1", "ServiceName": "VPC", "Value": 5000.0, "UsageMetric": usage},
            {"QuotaArn": "arn:2", "ServiceName": "VPC", "Value": 50.0},
        ]
    }
    world.measure("AWS/Usage", "ResourceCount", dimensions, 4900.0)
    async with watched(tmp_path, section, services=["quotas"]) as seen:
        await seen.until(lambda: (VPC, "service_quota_utilization") in seen.values)
    assert seen.values[VPC, "service_quota_utilization"] == 0.98
