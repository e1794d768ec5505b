"""A simulated incident: a system, some faults that a person with all dashboards could find, and what they show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from causely_core.incidents.simulation.course import Course, readings_with, run
from causely_core.incidents.simulation.families import FAMILIES
from causely_core.incidents.simulation.fault import Family, Fault, World
from causely_core.incidents.simulation.knobs import Knobs
from causely_core.incidents.simulation.places import Places
from causely_core.incidents.simulation.readings import SPAN
from causely_core.incidents.simulation.sizing import draw_blueprint
from causely_core.incidents.simulation.steady import settle
from causely_core.incidents.simulation.verdicts import verdicts
from causely_core.model import EntityType

_TRIES = 60
"""Faults drawn before it is given up to find one that shows."""

_KINDS = {EntityType.QUEUE: "queues", EntityType.CONTAINER: "containers", EntityType.NODE: "nodes"}


@frozen(eq=False)
class Scenario:
    """A simulated incident.

    Attributes:
        world: the system.
        course: what happens; its faults are the truth.
    """

    world: World
    course: Course

    @property
    def faults(self) -> Sequence[Fault]:
        """The truth, in the order in which the faults begin."""
        return self.course.faults


def draw_world(services: int, rng: np.random.Generator) -> World:
    """A system of ``services`` services, at least 3, at rest."""
    blueprint = draw_blueprint(services, rng)
    return World(blueprint, Places.of(blueprint), settle(blueprint, Knobs(_of=blueprint)))


def draw_scenario(
    world: World, causes: int, rng: np.random.Generator, families: Sequence[Family] = FAMILIES
) -> Scenario:
    """Up to ``causes`` faults on different entities, each with its sign; fewer when no more are found.

    No fault is hidden by the others, and each does harm: without it neither its sign would show nor at least one more
    symptom. A node whose memory is nearly used up and on which all else goes well is a risk, but no incident.
    """
    faults: list[Fault] = []
    for _ in range(_TRIES):
        if len(faults) == causes:
            break
        fault = _draw_fault(world, families, rng)
        if fault is not None and _all_show(world, [*faults, fault]):
            faults.append(fault)
    return Scenario(world, run(world, faults))


def _draw_fault(world: World, families: Sequence[Family], rng: np.random.Generator) -> Fault | None:
    """A fault of any family with equal chance; none when the system has nothing that can have it."""
    family = families[int(rng.integers(len(families)))]
    numbers = family.candidates(world)
    if not len(numbers):
        return None
    number = int(rng.choice(numbers))
    kind: slice = getattr(world.places, _KINDS.get(EntityType(family.type), "components"))
    strength, seed = float(rng.random()), int(rng.integers(2**32))
    start, ramp = float(rng.uniform(0.0, SPAN / 10.0)), float(rng.uniform(10.0, SPAN / 6.0))
    return Fault(family, number, kind.start + number, strength, seed, start, ramp)


def _all_show(world: World, faults: Sequence[Fault]) -> bool:
    """Whether each fault shows its sign and does harm, and neither would show without it."""
    if len({_component(world, fault) for fault in faults}) < len(faults):
        return False
    calm, full = readings_with(world, []), readings_with(world, faults)
    shown = {(each.place, each.symptom) for each in verdicts(calm, full)}
    return all(_shows(world, faults, fault, shown) for fault in faults)


def _shows(world: World, faults: Sequence[Fault], fault: Fault, shown: set[tuple[int, str]]) -> bool:
    others = readings_with(world, [each for each in faults if each is not fault])
    without = {(each.place, each.symptom) for each in verdicts(readings_with(world, []), others)}
    caused = shown - without
    return (fault.place, fault.family.sign) in caused and len(caused) > 1


def _component(world: World, fault: Fault) -> tuple[str, int]:
    """What a fault is of: two on a service and its container could not be told apart."""
    if fault.family.type == EntityType.CONTAINER:
        return "component", int(world.blueprint.hosts.component[fault.number])
    return _KINDS.get(EntityType(fault.family.type), "component"), fault.number
