"""What a detector is; plugins import it from hookspecs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from causely_core.model import Symptom, Window


@runtime_checkable
class SymptomDetector(Protocol):
    """Judges which entities are abnormal. Pure: same window, same answer; no clock, no I/O, no state.

    One that looks at the newest few samples only may say so by a further attribute, ``depth``: how many it needs of
    each of its attributes. What no detector needs is not kept, which matters where there are many entities.

    Attributes:
        name: unique in its plugin, written into each symptom it judges.
        attributes: the observation attributes it wants to see, as measured over all callers.
        symptoms: each symptom it can raise, with the attribute that shows it; an entity that has samples of
            the attribute is known to be watched for the symptom, so that its absence is evidence.
    """

    @property
    def name(self) -> str:
        """Unique in its plugin."""
        ...

    @property
    def attributes(self) -> Sequence[str]:
        """What it wants to see."""
        ...

    @property
    def symptoms(self) -> Mapping[str, str]:
        """Symptom name to attribute."""
        ...

    def detect(self, window: Window) -> Iterable[Symptom]:
        """Judge the window.

        Returns:
            Every symptom that is active now, and with ``active=False`` every one of ``window.active`` from
            this detector that has cleared. A symptom that is left out keeps the state it had.
        """
        ...
