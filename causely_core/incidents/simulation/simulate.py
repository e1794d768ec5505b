"""Simulated incidents as recorded ones, with the truth beside them."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from causely_core.incidents.incident import Incident, Span
from causely_core.incidents.simulation.places import entities_of, relations_of
from causely_core.incidents.simulation.readings import SPAN
from causely_core.incidents.simulation.scenario import draw_scenario, draw_world
from causely_core.incidents.simulation.tracks import Recording, record
from causely_core.model import EntityId

_START = 1_700_000_000.0
_BASELINE = 2.0 * SPAN
_ENTITIES_A_SERVICE = 9.0
FEWEST = 20
"""Entities without which there is too little for faults to be on."""


@frozen
class Simulated:
    """A simulated incident.

    Attributes:
        incident: as if recorded.
        truth: entity and cause of each fault, in the order in which they began.
    """

    incident: Incident
    truth: tuple[tuple[EntityId, str], ...]


def simulate(entities: int, seed: int, causes: int = 1, step: float = 15.0, number: int = 0) -> Simulated:
    """Simulate an incident; the same arguments give the same one, bit for bit.

    Args:
        entities: about how many there are, ``FEWEST`` at least.
        seed: not negative.
        causes: simultaneous faults, 0 or more; small systems may have room for fewer.
        step: seconds between samples.
        number: incidents of one seed with different numbers have nothing to do with each other.
    """
    rng = np.random.default_rng([seed, number])
    world = draw_world(max(3, round(entities / _ENTITIES_A_SERVICE)), rng)
    scenario = draw_scenario(world, causes, rng)
    things = entities_of(world.blueprint, world.places)
    ids = [thing.id for thing in things]
    window = Span(_START, _START + SPAN)
    baseline = Span(_START - _BASELINE, _START - step)
    tracks = record(scenario.course, Recording(ids, baseline, window, step), rng)
    incident = Incident(
        tuple(things), tuple(relations_of(world.blueprint, world.places, ids)), tuple(tracks), baseline, window
    )
    return Simulated(incident, tuple((ids[fault.place], fault.family.cause) for fault in scenario.faults))
