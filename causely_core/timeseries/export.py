"""Everything that VictoriaMetrics holds of a stretch of time, one series after the other."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterable

import httpx
import numpy as np

from causely_core.errors import UnavailableError
from causely_core.model import Series
from causely_core.timeseries.columns import Floats
from causely_core.timeseries.metric import PREFIX, series_of

_TOTALS = f'{{__name__=~"{PREFIX}.+",entity!="",peer=""}}'
_TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_SHOWN = 200


async def export_totals(url: str, start: float, end: float) -> AsyncGenerator[tuple[Series, Floats, Floats]]:
    """All series without a peer, each once with its times (ascending) and values, in any order.

    The answer is read as it comes: no more than one series is held at a time.

    Args:
        url: of VictoriaMetrics, as ``http://victoriametrics:8428``; a path is kept.
        start: seconds since the epoch, included.
        end: seconds since the epoch, included.

    Raises:
        UnavailableError: the server does not answer, refuses, stops before its end or is another one.
    """
    form = {"match[]": _TOTALS, "start": f"{start:.3f}", "end": f"{end:.3f}"}
    try:
        async with (
            httpx.AsyncClient(timeout=_TIMEOUT) as client,
            client.stream("POST", f"{url.rstrip('/')}/api/v1/export", data=form) as answer,
        ):
            if answer.is_error:
                raise UnavailableError(f"VictoriaMetrics at {url}: HTTP {answer.status_code}: {await _said(answer)}")
            async for line in _lines(answer.aiter_bytes()):
                yield _samples(url, line)
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise UnavailableError(f"VictoriaMetrics at {url}: {type(problem).__name__}: {problem}") from problem


async def _lines(chunks: AsyncIterable[bytes]) -> AsyncGenerator[bytes]:
    """Lines end at a line feed only; names may hold the other characters that split text into lines."""
    rest = b""
    async for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in filter(None, whole):
            yield line
    if rest:
        yield rest


def _samples(url: str, line: bytes) -> tuple[Series, Floats, Floats]:
    try:
        row = json.loads(line)
        times, values = np.array(row["timestamps"]) / 1000.0, np.array(row["values"], dtype=np.float64)
        return series_of(row["metric"]), times, values
    except (ValueError, KeyError, TypeError) as problem:
        raise UnavailableError(f"VictoriaMetrics at {url}: expected an exported series, got {line[:60]!r}") from problem


async def _said(answer: httpx.Response) -> str:
    return " ".join((await answer.aread()).decode(errors="replace").split())[:_SHOWN]
