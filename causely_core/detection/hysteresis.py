"""When a run of samples counts as a break and when as back to normal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causely_core.detection.baseline import Floats


@frozen
class Hysteresis:
    """``breaches`` of the last ``samples`` raise; ``calm`` samples in a row below the clear threshold clear.

    Attributes:
        strong_breaches: fewer breaches are enough when each exceeds the threshold by half, and by
            ``strong_margin``.
        strong_margin: in the attribute's unit; infinite to make no difference.
        horizon: samples older than this many seconds raise nothing.
    """

    breaches: int = 2
    samples: int = 3
    calm: int = 3
    strong_breaches: int = 3
    strong_margin: float = math.inf
    horizon: float = 30.0

    @property
    def fewest(self) -> int:
        """Breaches without which nothing is raised."""
        return min(self.breaches, self.strong_breaches)

    def breaking(self, times: Floats, values: Floats, thresholds: Floats, now: float) -> NDArray[np.bool_]:
        """Which samples of the newest ``samples`` breach; all false for a row with too few of them."""
        recent = np.s_[:, -self.samples :]
        excess = np.where(times[recent] >= now - self.horizon, values[recent] - thresholds[:, None], -np.inf)
        above = excess > 0.0
        broken = above.sum(axis=1) >= self.breaches
        strong = excess > np.maximum(self.strong_margin, thresholds / 2.0)[:, None]
        broken |= strong.sum(axis=1) >= self.strong_breaches
        return np.asarray(above & broken[:, None])

    def calmed(self, values: Floats, clear_thresholds: Floats) -> NDArray[np.bool_]:
        """Which rows have only calm samples, as many as it takes."""
        below = values[:, -self.calm :] < clear_thresholds[:, None]
        return np.asarray(below.sum(axis=1) >= self.calm)
