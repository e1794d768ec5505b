"""A fault: a cause of the catalogue on one entity, and how it turns the knobs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from attrs import frozen

from causely_core.incidents.simulation.blueprint import Blueprint
from causely_core.incidents.simulation.knobs import Knobs
from causely_core.incidents.simulation.places import Places
from causely_core.incidents.simulation.queueing import Ints
from causely_core.incidents.simulation.steady import Steady


@frozen(eq=False)
class World:
    """A system, and its state while all is well."""

    blueprint: Blueprint
    places: Places
    calm: Steady


Candidates = Callable[[World], Ints]
"""Numbers, among their kind, of what can have a fault."""

Turn = Callable[[World, Knobs, int, float, np.random.Generator], None]
"""Turns the knobs for the fault on the thing of the given number, mild at strength 0, severe at 1."""


@frozen(eq=False)
class Family:
    """One kind of fault.

    Attributes:
        name: lower case, with hyphens.
        type: entity type that can have it.
        cause: the catalogue's name for it on that type.
        sign: the symptom on the entity by which a person would know it; nothing counts as such a fault without it.
        candidates: on which entities of the kind it can be.
        turn: what it does.
    """

    name: str
    type: str
    cause: str
    sign: str
    candidates: Candidates
    turn: Turn


@frozen(eq=False)
class Fault:
    """One occurrence of a kind of fault.

    Attributes:
        family: its kind.
        number: of its entity among those of its kind.
        place: of its entity.
        strength: 0 (mild) to 1 (severe).
        seed: for what else of it is by chance.
        start: seconds after the begin of the window.
        ramp: seconds until it is fully there.
    """

    family: Family
    number: int
    place: int
    strength: float
    seed: int
    start: float
    ramp: float

    def apply(self, world: World, knobs: Knobs) -> None:
        """Turn the knobs; the same way each time."""
        self.family.turn(world, knobs, self.number, self.strength, np.random.default_rng(self.seed))
