"""How much of the past detectors need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from causely_core.detection.detector import SymptomDetector


def depths(detectors: Iterable[SymptomDetector]) -> Mapping[str, int]:
    """The newest samples that are enough, for attributes of which no detector wants to see all that is kept."""
    needed: dict[str, int | None] = {}
    for detector in detectors:
        depth: int | None = getattr(detector, "depth", None)
        for attribute in detector.attributes:
            others = needed.get(attribute, 0)
            needed[attribute] = None if depth is None or others is None else max(depth, others)
    return {attribute: depth for attribute, depth in needed.items() if depth}
