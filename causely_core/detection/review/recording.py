"""What a reviewer sees: every series cut into what is usual and what is to be judged."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from causely_core.model import Entity, EntityId

Floats = NDArray[np.float64]

_EMPTY: Floats = np.empty(0)


@frozen(eq=False)
class Stretch:
    """One series of one entity.

    Attributes:
        usual_times, usual: (n,) times and values while all was well.
        times, values: (m,) of the window that is to be judged, oldest first.
    """

    usual_times: Floats
    usual: Floats
    times: Floats
    values: Floats


NOTHING = Stretch(_EMPTY, _EMPTY, _EMPTY, _EMPTY)


@frozen(eq=False)
class Recording:
    """A recorded window with its baseline.

    Attributes:
        stretches: by attribute (docs/attributes.md), then by entity.
        entities: by id, for thresholds by label.
        end: of the window, seconds since the epoch.
        remote: the baseline was recorded at another time, so that levels may have drifted since.
    """

    stretches: Mapping[str, Mapping[EntityId, Stretch]]
    entities: Mapping[EntityId, Entity]
    end: float
    remote: bool = False

    def of(self, attribute: str) -> Mapping[EntityId, Stretch]:
        """The stretches of one attribute by entity."""
        return self.stretches.get(attribute, {})
