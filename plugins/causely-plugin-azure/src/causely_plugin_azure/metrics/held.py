"""The newest value of each series, told again and again until there is a newer one.

Azure has a value a minute, some minutes late. Detectors raise nothing by samples older than half a minute; so a value
counts as that of now for as long as Azure has no newer one, and is not too old.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from attrs import define, field, frozen

from causely_core.model import ObservationBatch, Series


@frozen
class Value:
    """What was measured.

    Attributes:
        time: end of the time that it is of, in seconds since the epoch.
        number: in the attribute's unit.
    """

    time: float
    number: float


@define
class Held:
    """Values to tell.

    Attributes:
        late: seconds after which a value is too old.
        most: series, at most.
        left_out: values that were not taken since there are so many.
    """

    late: float
    most: int = 200_000
    left_out: int = 0
    _values: dict[Series, Value] = field(factory=dict, init=False)

    def take(self, values: Iterable[tuple[Series, Value]]) -> None:
        """Keep each that is not older than what is kept."""
        for series, value in values:
            before = self._values.get(series)
            if before is None and len(self._values) >= self.most:
                self.left_out += 1
            elif before is None or value.time >= before.time:
                self._values[series] = value

    def told(self, now: float) -> ObservationBatch:
        """What is known at ``now``; what is too old by then is forgotten."""
        self._values = {series: value for series, value in self._values.items() if now - value.time <= self.late}
        numbers = np.fromiter((value.number for value in self._values.values()), np.float64, len(self._values))
        return ObservationBatch(tuple(self._values), np.full(len(self._values), now), numbers)
