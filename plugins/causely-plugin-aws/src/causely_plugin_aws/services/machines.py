"""Types of machines: what databases and caches run on, which their own APIs do not tell."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from causely_core.polling import PollError
from causely_plugin_aws.call import Call
from causely_plugin_aws.chunks import chunks

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api

# Quota: "Request throttling for the Amazon EC2 API": 100 calls at once, then 20 a second, for Describe actions.
MACHINES = Call("ec2", "describe_instance_types", "ec2:DescribeInstanceTypes", "InstanceTypes")
_FILTERED = 200
"""Values of one filter at most ("Amazon EC2 API Reference", Filter)."""
_MIB = 2.0**20
_DAY = 24.0

_CREDITS = {
    "t2": {"nano": 3, "micro": 6, "small": 12, "medium": 24, "large": 36, "xlarge": 54, "2xlarge": 81},
    "t3": {"nano": 6, "micro": 12, "small": 24, "medium": 24, "large": 36, "xlarge": 96, "2xlarge": 192},
}
"""CPU credits earned in an hour ("Key concepts for burstable performance instances"); a day's are kept."""


@frozen
class Machine:
    """A type of machine.

    Attributes:
        processors: virtual ones.
        memory: bytes.
    """

    processors: float
    memory: float


async def machines(api: Api, types: Collection[str]) -> Mapping[str, Machine]:
    """Those of some types that AWS tells of; without the right to ask, none."""
    found: dict[str, Machine] = {}
    try:
        for some in chunks(sorted(filter(None, types)), _FILTERED):
            async for raw in api.items(MACHINES, Filters=[{"Name": "instance-type", "Values": list(some)}]):
                memory = raw["MemoryInfo"]["SizeInMiB"] * _MIB
                found[raw["InstanceType"]] = Machine(float(raw["VCpuInfo"]["DefaultVCpus"]), memory)
    except PollError:
        return found
    return found


def most_credits(type: str) -> float | None:
    """CPU credits that a machine of a burstable type can have, none of any other."""
    family, _, size = type.partition(".")
    hourly = _CREDITS.get("t3" if family in ("t3a", "t4g") else family, {}).get(size)
    return None if hourly is None else hourly * _DAY
