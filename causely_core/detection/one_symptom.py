"""What the built-in detectors have in common: one symptom, shown by one attribute."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from attrs import frozen

from causely_core.detection.rows import EMPTY, raised, vanished

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from causely_core.model import AttributeWindow, EntityId, Symptom, Window


@frozen
class OneSymptomDetector(ABC):
    """Clears what fell silent and leaves the rest to :meth:`judge`.

    Attributes:
        name: unique in its plugin.
        symptom: what it raises.
        attribute: what shows it.
    """

    name: str
    symptom: str
    attribute: str

    @property
    def attributes(self) -> Sequence[str]:
        """The one attribute."""
        return (self.attribute,)

    @property
    def symptoms(self) -> Mapping[str, str]:
        """The one symptom."""
        return {self.symptom: self.attribute}

    def detect(self, window: Window) -> Iterable[Symptom]:
        """Judge all rows; see :class:`~causely_core.hookspecs.SymptomDetector`."""
        seen = window.attributes.get(self.attribute, EMPTY)
        active = raised(window, self.name, self.symptom)
        gone = {symptom.entity: symptom for symptom in vanished(active, seen, window.now)}
        left = {entity: symptom for entity, symptom in active.items() if entity not in gone}
        return [*gone.values(), *self.judge(seen, left, gone, window)]

    @abstractmethod
    def judge(
        self, seen: AttributeWindow, active: dict[EntityId, Symptom], gone: Collection[EntityId], window: Window
    ) -> Iterator[Symptom]:
        """What has begun, goes on or is over.

        Args:
            seen: the attribute's rows.
            active: the symptoms that were active before and are still heard of.
            gone: entities whose symptom has just cleared by silence; they begin no new one now.
            window: all there is to see.
        """
