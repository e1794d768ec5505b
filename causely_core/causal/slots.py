"""What models say of symptoms and hidden states, in columns: one slot for each state of each layout."""

from __future__ import annotations

import numpy as np
from attrs import field, frozen

from causely_core.causal.arrays import Flags, Floats, Places
from causely_core.causal.blocks import Blocks
from causely_core.causal.carrier import is_carrier
from causely_core.model import EntityType, SymptomSpec

SERVES = frozenset(
    map(
        str,
        (
            EntityType.SERVICE,
            EntityType.OPERATION,
            EntityType.WORKLOAD,
            EntityType.LOAD_BALANCER,
            EntityType.DATABASE,
            EntityType.CACHE,
            EntityType.QUEUE,
            EntityType.TOPIC,
        ),
    )
)
"""Types that somebody sends requests or messages to: their degrading is noticed, a container's only through them."""


@frozen(eq=False)
class Slots:
    """The states of all layouts of ``blocks``, those of one layout after those of another.

    Attributes:
        specs, types: one a slot, the symptom and the entity type.
        begin: one a layout and one more: its first slot.
        leak: one a slot.
        observable: one a slot, whether it is a symptom and no hidden state.
        carries: one a slot, whether it only carries a path of several relations.
        serves: one a slot, whether the entity type is one of :data:`SERVES`.
    """

    blocks: Blocks
    specs: tuple[SymptomSpec, ...] = field(init=False)
    types: tuple[str, ...] = field(init=False)
    begin: Places = field(init=False)
    leak: Floats = field(init=False)
    observable: Flags = field(init=False)
    carries: Flags = field(init=False)
    serves: Flags = field(init=False)

    @specs.default
    def _symptoms(self) -> tuple[SymptomSpec, ...]:
        return tuple(spec for each in self.blocks.layouts for spec in each.symptoms)

    @types.default
    def _entity_types(self) -> tuple[str, ...]:
        return tuple(each.entity_type for each in self.blocks.layouts for _ in each.symptoms)

    @begin.default
    def _count(self) -> Places:
        return np.cumsum([0, *(len(each.symptoms) for each in self.blocks.layouts)])

    @leak.default
    def _leaks(self) -> Floats:
        return np.array([spec.leak for spec in self.specs], dtype=np.float64)

    @observable.default
    def _observables(self) -> Flags:
        return np.concatenate([each.observable for each in self.blocks.layouts])

    @carries.default
    def _carriers(self) -> Flags:
        return np.array([is_carrier(spec.name) for spec in self.specs], dtype=np.bool_)

    @serves.default
    def _servers(self) -> Flags:
        return np.array([type in SERVES for type in self.types], dtype=np.bool_)

    def at(self, nodes: Places) -> Places:
        """The slot of each of ``nodes``."""
        return self.of(nodes, self.blocks.owner[nodes])

    def of(self, nodes: Places, places: Places) -> Places:
        """The slot of each of ``nodes``, which belong to the entities at ``places``."""
        return np.asarray(self.begin[self.blocks.layout[places]] + nodes - self.blocks.base[places])
