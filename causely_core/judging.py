"""Ready symptom detectors, for plugins that bring attributes of their own.

Detectors have to be pure, and to treat silence, hysteresis, thresholds of people and severity as all others do.
"""

from __future__ import annotations

import math

from causely_core.detection.growth_detector import GrowthDetector
from causely_core.detection.hysteresis import Hysteresis
from causely_core.detection.threshold_detector import ThresholdDetector
from causely_core.detection.thresholds import Learning, Thresholds

__all__ = ["GrowthDetector", "Hysteresis", "Learning", "ThresholdDetector", "Thresholds", "above", "holds", "unusual"]


def above(name: str, symptom: str, attribute: str, limit: float, full: float = math.inf) -> ThresholdDetector:
    """Raises ``symptom`` while ``attribute`` is above ``limit``, or above what a person has set for the entity.

    Args:
        name: of the detector, unique in its plugin.
        symptom: what it raises; it clears below nine tenths of the limit.
        attribute: what shows it.
        limit: in the attribute's unit, above zero.
        full: where nothing is left: what severity 1 is; infinite where there is no such end.
    """
    return ThresholdDetector(name, symptom, attribute, Thresholds(limit), Hysteresis(3, 3), full=full)


def holds(name: str, symptom: str, attribute: str) -> ThresholdDetector:
    """Raises ``symptom`` while ``attribute`` is 1, of what is so or is not."""
    return above(name, symptom, attribute, 0.5, 1.0)


def unusual(
    name: str, symptom: str, attribute: str, least: float, times: float, full: float = math.inf
) -> ThresholdDetector:
    """Raises ``symptom`` while ``attribute`` is above ``least`` and above so many times what is usual.

    Args:
        name: of the detector, unique in its plugin.
        symptom: what it raises.
        attribute: what shows it.
        least: in the attribute's unit; the threshold until it is known what is usual.
        times: of what is usual.
        full: what severity 1 is.
    """
    learning = Learning(ratio=times, spreads=4.0, floor=0.0, least=least)
    return ThresholdDetector(name, symptom, attribute, Thresholds(least, learning), Hysteresis(3, 3), full=full)
