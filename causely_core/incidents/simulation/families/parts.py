"""What the kinds of faults have in common."""

from __future__ import annotations

import numpy as np

from causely_core.incidents.simulation.blueprint import Role
from causely_core.incidents.simulation.fault import World
from causely_core.incidents.simulation.knobs import Knobs
from causely_core.incidents.simulation.queueing import Ints

_SOME = 0.3


def between(low: float, high: float, strength: float) -> float:
    """From ``low`` at strength 0 to ``high`` at strength 1, by equal ratios."""
    return float(low * (high / low) ** strength)


def busy_units(world: World, component: int, role: Role = Role.REQUEST) -> Ints:
    """The units of ``component`` of one role that are asked often enough to be seen."""
    units = world.blueprint.units
    return np.flatnonzero((units.owner == component) & (units.role == role) & (world.calm.rate > 0.2))


def touched(world: World, component: int, rng: np.random.Generator) -> Ints:
    """The operations that a defect of ``component`` touches: mostly all of them, else the one asked most."""
    units = busy_units(world, component)
    most = units[np.argmax(world.calm.rate[units])]
    return units if rng.random() > _SOME else np.array([most])


def with_units(world: World, role: Role, components: range) -> Ints:
    """The ``components`` that have busy units of ``role``."""
    units = world.blueprint.units
    owners = np.unique(units.owner[(units.role == role) & (world.calm.rate > 0.5)])
    return owners[(owners >= components.start) & (owners < components.stop)]


def called(world: World) -> Ints:
    """Services with callers that can tell of them."""
    calls, units = world.blueprint.calls, world.blueprint.units
    asked = with_units(world, Role.REQUEST, range(world.blueprint.services))
    return np.intersect1d(asked, units.owner[calls.callee])


def overload(world: World, knobs: Knobs, component: int, load: float) -> None:
    """Make every request of ``component`` take so much processor time that its load is ``load``."""
    mine = world.blueprint.hosts.component == component
    knobs.cpu[component] *= load / world.calm.load[mine].mean()


def silence(world: World, knobs: Knobs, component: int, strength: float, rng: np.random.Generator) -> None:
    """Let requests to ``component`` go unanswered: all of them when severe; refused or left hanging."""
    knobs.unreachable[component] = 1.0 if strength > 0.6 else between(0.15, 0.8, strength / 0.6)
    knobs.hanging[component] = float(rng.random() < 0.4)
