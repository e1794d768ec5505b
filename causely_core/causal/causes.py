"""The root causes of all layouts in columns, to weigh many at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from causely_core.causal.arrays import Flags, Floats, Places
from causely_core.causal.cost import cost
from causely_core.causal.layout import Layout
from causely_core.model import RootCauseSpec


@frozen(eq=False)
class Causes:
    """C root causes, by layout and name, and E effects of theirs on the entity itself, by cause.

    Attributes:
        specs: C.
        prior: C, log odds.
        first: C + 1; the effects of cause ``i`` are ``first[i]:first[i + 1]``.
        cause: E, whose effect it is.
        offset: E, of the symptom in its layout.
        probability, cost: E.
        observable: E, whether the symptom is no hidden state.
        begin: one a slot of :class:`causely_core.causal.slots.Slots` and one more; the effects on slot ``i`` are
            ``by_slot[begin[i]:begin[i + 1]]``.
        by_slot: E, places of effects.
    """

    specs: tuple[RootCauseSpec, ...]
    prior: Floats
    first: Places
    cause: Places
    offset: Places
    probability: Floats
    cost: Places
    observable: Flags
    begin: Places
    by_slot: Places

    @classmethod
    def of(cls, layouts: Sequence[Layout]) -> Causes:
        """The causes of ``layouts``."""
        owned = [(number, spec) for number, layout in enumerate(layouts) for spec in layout.root_causes]
        effects = [
            (cause, number, layouts[number].offsets[effect.symptom], effect.probability)
            for cause, (number, spec) in enumerate(owned)
            for effect in spec.effects
        ]
        cause, layout, offset = np.array([each[:3] for each in effects], dtype=np.int64).reshape(-1, 3).T
        probability = np.array([each[3] for each in effects], dtype=np.float64)
        prior = np.array([spec.prior for _, spec in owned], dtype=np.float64)
        slot = np.cumsum([0, *(len(each.symptoms) for each in layouts)])
        at = slot[layout] + offset
        by_slot = np.argsort(at, kind="stable")
        observable = np.concatenate([each.observable for each in layouts])
        return cls(
            tuple(spec for _, spec in owned),
            np.log(prior / (1.0 - prior)),
            np.searchsorted(cause, np.arange(len(owned) + 1)),
            cause,
            offset,
            probability,
            cost(probability),
            observable[at],
            np.searchsorted(at[by_slot], np.arange(slot[-1] + 1)),
            by_slot,
        )
