"""What a service adds by itself: its time and its failures without those of the calls it waits for.

From sums over all requests, not request by request: calls made at the same time, within one another, or for no
request at all (by a timer, for a message) take more away than they should, so that a service is rather blamed for
too little. A request under way at the flush may be on one side of it and its calls on the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from causely_core.model import Series
from causely_core.traffic.recorder import Totals
from causely_core.traffic.rows import Family, Row

SELF_TIME = "request_duration.self"
SELF_ERRORS = "error_rate.self"
SELF_PROCESSING = "process_duration.self"


def own(rows: Sequence[Row], totals: Totals) -> Iterator[tuple[Series, float]]:
    """Self time (seconds a request) and self errors (share, 0..1) of each service that served requests.

    Of a service that serves no requests but processes messages, the self time of these (seconds a message): it is for
    them that it called others. Only of services that have called others, lately or before: what others take or fail is
    all their own.

    Args:
        rows: all rows, indexed as ``totals``.
        totals: of all rows.
    """
    waited = {row.entity: at for at, row in enumerate(rows) if row.family is Family.WAITED}
    served = {row.entity for row in rows if row.family is Family.SERVED}
    for at, row in enumerate(rows):
        count, calls = float(totals.count[at]), waited.get(row.entity)
        if calls is None or count == 0:
            continue
        if row.family is Family.PROCESSING and row.entity not in served:
            yield row.series(SELF_PROCESSING), _left(totals.seconds, at, calls) / count
        if row.family is Family.SERVED:
            yield row.series(SELF_TIME), _left(totals.seconds, at, calls) / count
            yield row.series(SELF_ERRORS), _left(totals.failed, at, calls) / count


def _left(values: NDArray[np.float64], whole: int, part: int) -> float:
    return max(float(values[whole] - values[part]), 0.0)
