"""Working at intervals, together with all others of the process."""

from __future__ import annotations

import asyncio

TOGETHER = 0.1
"""Share of an interval within which those who are woken at the same moment have done what one may do for all."""


async def beat(interval: float) -> None:
    """Wait for the next multiple of ``interval`` seconds on the event loop's clock, for half of it at the least.

    Those whose intervals are multiples of each other work at the same moments. A process that is nearly idle pays for
    waking, and for what is in no cache of the processor any more, rather than for its work; and those who look at the
    same things can look once.
    """
    left = interval - asyncio.get_running_loop().time() % interval
    await asyncio.sleep(left if left >= interval / 2 else left + interval)
