"""How what is measured moves from calm to a state with faults, as these begin one after another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from causely_core.incidents.simulation.fault import Fault, World
from causely_core.incidents.simulation.knobs import Knobs
from causely_core.incidents.simulation.places import Readings
from causely_core.incidents.simulation.queueing import Floats, Ints
from causely_core.incidents.simulation.readings import read
from causely_core.incidents.simulation.steady import settle


@frozen(eq=False)
class Course:
    """Readings after each fault; between them what is measured goes straight from one to the next.

    Attributes:
        faults: in the order in which they begin.
        states: one more than faults: first without any, last with all.
    """

    faults: Sequence[Fault]
    states: Sequence[Readings]

    @property
    def before(self) -> Readings:
        """What is usual."""
        return self.states[0]

    @property
    def after(self) -> Readings:
        """What is measured at the end."""
        return self.states[-1]

    def values(self, attribute: str, places: Ints, times: Floats) -> Floats:
        """Values of ``attribute`` (places, times) at ``times`` in seconds after the begin of the window.

        NaN while it is not measured.
        """
        levels = [state[attribute][places] for state in self.states]
        values = np.repeat(levels[0][:, None], len(times), axis=1)
        for fault, low, high in zip(self.faults, levels, levels[1:], strict=False):
            share = np.clip((times - fault.start) / fault.ramp, 0.0, 1.0)[None, :]
            moved = values + share * (high - low)[:, None]
            appearing = np.where(share > 0.0, high[:, None], values)
            values = np.where((np.isnan(high) | np.isnan(low))[:, None], appearing, moved)
        return np.asarray(values)


def run(world: World, faults: Sequence[Fault]) -> Course:
    """The course that ``faults`` take."""
    ordered = sorted(faults, key=lambda fault: (fault.start, fault.place))
    states = [readings_with(world, ordered[:count]) for count in range(len(ordered) + 1)]
    return Course(ordered, states)


def readings_with(world: World, faults: Sequence[Fault]) -> Readings:
    """What is measured once all of ``faults`` have settled."""
    knobs = Knobs(_of=world.blueprint)
    for fault in faults:
        fault.apply(world, knobs)
    state = settle(world.blueprint, knobs) if faults else world.calm
    return read(world.blueprint, world.places, knobs, state)
