"""Everything that VictoriaMetrics holds of a stretch of time, one series after the other.

What several have written of one series has to be put together, and comes in any order. So it is asked first which these
are and of how many parts: they wait for each other, the others pass.
"""

from __future__ import annotations

import json
import math
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Mapping
from contextlib import aclosing

import httpx
import numpy as np

from causely_core.errors import UnavailableError
from causely_core.model import Series
from causely_core.timeseries.columns import Floats, largest
from causely_core.timeseries.metric import PREFIX, series_of

_TOTALS = f'{{__name__=~"{PREFIX}.+",entity!="",peer=""}}'
_TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_SHOWN = 200
_Part = tuple[Series, Floats, Floats]


async def export_totals(url: str, start: float, end: float) -> AsyncGenerator[tuple[Series, Floats, Floats]]:
    """All series without a peer, each once with its times (ascending) and values, in any order.

    The answer is read as it comes: no more than one series is held at a time, and parts that wait for others.

    Args:
        url: of VictoriaMetrics, as ``http://victoriametrics:8428``; a path is kept.
        start: seconds since the epoch, included.
        end: seconds since the epoch, included.

    Raises:
        UnavailableError: the server does not answer, refuses, stops before its end or is another one.
    """
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT) as client:
            several = await _written_by_several(client, url, start, end)
            async with aclosing(_exported(client, url, start, end)) as parts:
                async for whole in _whole(parts, several):
                    yield whole
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise UnavailableError(f"VictoriaMetrics at {url}: {type(problem).__name__}: {problem}") from problem


async def _written_by_several(client: httpx.AsyncClient, url: str, start: float, end: float) -> dict[Series, int]:
    """The series that come in more than one part, and in how many."""
    latest = f"last_over_time({_TOTALS}[{math.ceil(end - start) + 1}s])"
    query = f"count({latest}) by (__name__, entity, attribute) > 1"
    # Without "nocache" the latest half minute is left out.
    form = {"query": query, "time": f"{end:.3f}", "nocache": "1"}
    answer = await client.post(f"{url.rstrip('/')}/api/v1/query", data=form)
    if answer.is_error:
        raise UnavailableError(f"VictoriaMetrics at {url}: HTTP {answer.status_code}: {await _said(answer)}")
    try:
        rows = answer.json()["data"]["result"]
        return {series_of(row["metric"]): int(row["value"][1]) for row in rows}
    except (ValueError, KeyError, TypeError) as problem:
        raise _stranger(url, answer.content) from problem


async def _whole(parts: AsyncIterator[_Part], several: Mapping[Series, int]) -> AsyncGenerator[_Part]:
    """Parts as they come, but of what several have written one when the last of them is there."""
    waiting: dict[Series, list[tuple[Floats, Floats]]] = {}
    async for series, times, values in parts:
        held = waiting.setdefault(series, [])
        held.append((times, values))
        if len(held) >= several.get(series, 1):
            yield series, *largest(waiting.pop(series))
    for series, held in waiting.items():
        yield series, *largest(held)


async def _exported(client: httpx.AsyncClient, url: str, start: float, end: float) -> AsyncGenerator[_Part]:
    form = {"match[]": _TOTALS, "start": f"{start:.3f}", "end": f"{end:.3f}"}
    async with client.stream("POST", f"{url.rstrip('/')}/api/v1/export", data=form) as answer:
        if answer.is_error:
            raise UnavailableError(f"VictoriaMetrics at {url}: HTTP {answer.status_code}: {await _said(answer)}")
        async for line in _lines(answer.aiter_bytes()):
            yield _samples(url, line)


async def _lines(chunks: AsyncIterable[bytes]) -> AsyncGenerator[bytes]:
    """Lines end at a line feed only; names may hold the other characters that split text into lines."""
    rest = b""
    async for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in filter(None, whole):
            yield line
    if rest:
        yield rest


def _samples(url: str, line: bytes) -> _Part:
    try:
        row = json.loads(line)
        times, values = np.array(row["timestamps"]) / 1000.0, np.array(row["values"], dtype=np.float64)
        return series_of(row["metric"]), times, values
    except (ValueError, KeyError, TypeError) as problem:
        raise _stranger(url, line) from problem


def _stranger(url: str, said: bytes) -> UnavailableError:
    return UnavailableError(f"VictoriaMetrics at {url}: expected an exported series, got {said[:60]!r}")


async def _said(answer: httpx.Response) -> str:
    return " ".join((await answer.aread()).decode(errors="replace").split())[:_SHOWN]
