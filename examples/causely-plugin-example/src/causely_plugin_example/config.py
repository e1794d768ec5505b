"""The plugin's section of the configuration file."""

from __future__ import annotations

from pathlib import Path

from attrs import field, frozen
from attrs.validators import gt


@frozen
class ExampleConfig:
    """What to look at and how often.

    Attributes:
        folders: in which files wait to be processed; whoever processes one removes it.
        interval: seconds from one look to the next.
        stale_after: seconds that a file may wait before that is a symptom.
    """

    folders: list[Path] = field(factory=list)
    interval: float = field(default=10.0, validator=gt(0))
    stale_after: float = field(default=300.0, validator=gt(0))
