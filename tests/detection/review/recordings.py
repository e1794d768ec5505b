"""Recordings made by hand: five values of five minutes after a day of usual ones."""

from __future__ import annotations

import numpy as np

from causely_core.detection.review import Recording, Stretch
from causely_core.model import Entity

STEP = 300.0
START = 1_000_000.0
USUAL = 288


def stretch(values, usual=1.0, noise=0.05, seed=0):
    """A window of ``values`` after usual ones around ``usual``, with relative ``noise``."""
    rng = np.random.default_rng(seed)
    before = usual * np.exp(noise * rng.standard_normal(USUAL)) if np.isscalar(usual) else np.asarray(usual, float)
    times = START - STEP * np.arange(len(before), 0, -1)
    return Stretch(times, before, START + STEP * np.arange(len(values)), np.asarray(values, float))


def exactly(values, usual):
    """A window of ``values`` after a day of exactly ``usual``."""
    return stretch(values, usual=np.full(USUAL, usual))


def recording(remote=False, attributes=None, **stretches):
    """Stretches by entity and attribute: ``recording(a={"error_rate": ...})``."""
    by_attribute = {}
    for entity, measured in stretches.items():
        for attribute, one in measured.items():
            by_attribute.setdefault(attribute, {})[entity] = one
    entities = {id: Entity(id, "Service", id, (attributes or {}).get(id, {})) for id in stretches}
    return Recording(by_attribute, entities, START + 5 * STEP, remote)
