"""What detection asks of a detector; hookspecs.SymptomDetector is the same for plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from causely_core.model import Symptom, Window


class Detector(Protocol):
    """Judges which entities are abnormal. Pure: same window, same answer."""

    @property
    def name(self) -> str:
        """Unique in its plugin, written into each symptom."""
        ...

    @property
    def attributes(self) -> Sequence[str]:
        """The observation attributes it wants to see."""
        ...

    @property
    def symptoms(self) -> Mapping[str, str]:
        """Each symptom it can raise, with the attribute that shows it."""
        ...

    def detect(self, window: Window) -> Iterable[Symptom]:
        """Every symptom active now, and those of ``window.active`` that it raised and that have cleared."""
        ...
