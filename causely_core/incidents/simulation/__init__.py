"""Incidents of simulated systems, whose causes are known.

The simulation is mechanistic: requests queue for processors and connections, times and failures add up along calls.
It knows nothing of the causal model's probabilities, so that an engine can be measured by it.
"""

from causely_core.incidents.simulation.families import FAMILIES
from causely_core.incidents.simulation.fault import Family, Fault, World
from causely_core.incidents.simulation.scenario import Scenario, draw_scenario, draw_world
from causely_core.incidents.simulation.simulate import FEWEST, Simulated, simulate
from causely_core.incidents.simulation.told import Told, tell

__all__ = [
    "FAMILIES",
    "FEWEST",
    "Family",
    "Fault",
    "Scenario",
    "Simulated",
    "Told",
    "World",
    "draw_scenario",
    "draw_world",
    "simulate",
    "tell",
]
