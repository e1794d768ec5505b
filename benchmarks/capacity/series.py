"""What VictoriaMetrics holds: how many series and samples, in how many bytes."""

from __future__ import annotations

import re

import httpx
from attrs import frozen

_LINE = re.compile(r'^(vm_rows|vm_data_size_bytes)\{type="([^"]+)"\} (\S+)$', re.MULTILINE)
_INDEX = "indexdb"


@frozen
class Held:
    """What is in the storage.

    Attributes:
        series: all that were ever written.
        samples: of these.
        data: bytes of samples.
        index: bytes of names.
    """

    series: int
    samples: int
    data: int
    index: int


async def held(url: str) -> Held:
    """What VictoriaMetrics at ``url`` tells of itself, once all is on disk and merged."""
    async with httpx.AsyncClient(base_url=url, timeout=300.0) as client:
        for path in ("/internal/force_flush", "/internal/force_merge"):
            (await client.get(path)).raise_for_status()
        text = (await client.get("/metrics")).raise_for_status().text
        series = (await client.get("/api/v1/series/count")).raise_for_status().json()["data"][0]
    found = {(name, type): int(float(value)) for name, type, value in _LINE.findall(text)}
    samples, data = (
        sum(value for (each, type), value in found.items() if each == name and type != _INDEX)
        for name in ("vm_rows", "vm_data_size_bytes")
    )
    return Held(series, samples, data, found.get(("vm_data_size_bytes", _INDEX), 0))
