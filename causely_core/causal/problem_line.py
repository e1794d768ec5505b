"""One line about what is wrong with a causal model."""

from __future__ import annotations

from attrs import frozen

from causely_core.causal.model_file import Part, Places


@frozen
class Problem:
    """One line about one part of a causal model.

    Attributes:
        where: ``file:line``, or ``<type>.<part>`` where no file is known.
        text: what is wrong, and what would be right.
        fatal: false for what works, though most often not as meant.
    """

    where: str
    text: str
    fatal: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


@frozen
class Finding:
    """A problem of ``part``, whose file is yet to be looked up."""

    part: Part
    where: str
    text: str
    fatal: bool = False

    def at(self, places: Places) -> Problem:
        """The problem, with its ``file:line`` if ``places`` knows it."""
        return Problem(places.get(self.part, self.where), self.text, self.fatal)
