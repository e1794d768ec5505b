"""What a symptom detector sees: the recent past of some attributes, in columns."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import cmp_using, field, frozen
from numpy.typing import NDArray

from causely_core.model.entity import Entity, EntityId
from causely_core.model.observation import Series
from causely_core.model.symptom import Symptom, SymptomKey


@frozen
class AttributeWindow:
    """The recent samples of one attribute, one row a series, newest sample in the last column.

    Attributes:
        series: row identities.
        times: float64 (rows, samples), seconds since the epoch, NaN where a row has fewer samples.
        values: float64 (rows, samples) in the attribute's unit, NaN likewise.
    """

    series: tuple[Series, ...]
    times: NDArray[np.float64] = field(eq=cmp_using(eq=np.array_equal))
    values: NDArray[np.float64] = field(eq=cmp_using(eq=np.array_equal))


@frozen
class Window:
    """Everything a detector may base its judgement on.

    Attributes:
        now: the time of judgement, seconds since the epoch.
        attributes: the windows of the attributes that the detector declared; absent ones have no samples.
        active: symptoms active before this judgement.
        entities: what is known of the entities, for manual thresholds by label.
        manual: thresholds set by a person for an entity and symptom, in the attribute's unit.
    """

    now: float
    attributes: Mapping[str, AttributeWindow]
    active: Mapping[SymptomKey, Symptom] = field(factory=dict)
    entities: Mapping[EntityId, Entity] = field(factory=dict)
    manual: Mapping[SymptomKey, float] = field(factory=dict)
