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
        before: what it was ``grain`` seconds earlier, where values lie on a line; none where each stands for itself.
        grain: seconds.
    """

    time: float
    number: float
    before: float | None = None
    grain: float = 60.0

    def after(self, seconds: float) -> float:
        """What is told so many seconds after it was heard: a value on a line is come to little by little."""
        if self.before is None:
            return self.number
        return self.before + (self.number - self.before) * min(seconds / self.grain, 1.0)


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
    _heard: dict[Series, float] = field(factory=dict, init=False)

    def take(self, values: Iterable[tuple[Series, Value]], now: float) -> None:
        """Keep each that is newer than what is kept, or is of the same time and another."""
        for series, value in values:
            before = self._values.get(series)
            if before is None and len(self._values) >= self.most:
                self.left_out += 1
            elif before is None or value.time > before.time:
                self._values[series], self._heard[series] = value, now
            elif value.time == before.time:
                self._values[series] = value

    def told(self, now: float) -> ObservationBatch:
        """What is known at ``now``; what is too old by then is forgotten."""
        self._values = {series: value for series, value in self._values.items() if now - value.time <= self.late}
        self._heard = {series: self._heard[series] for series in self._values}
        values = (value.after(now - self._heard[series]) for series, value in self._values.items())
        numbers = np.fromiter(values, np.float64, len(self._values))
        return ObservationBatch(tuple(self._values), np.full(len(self._values), now), numbers)
