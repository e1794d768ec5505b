"""The lines of the comparison."""

from __future__ import annotations

from statistics import median

from attrs import frozen
from world import Answer

_LINE = "{:<38} {:<24} {:<24} {:>5} {:>10} {:>10} {:>9} {:>8}"
HEAD = _LINE.format("world", "engine's top", "peer's top", "same", "difference", "engine ms", "peer s", "ratio")


@frozen
class Row:
    """Two answers to one world.

    Attributes:
        label: the world's.
        ours, theirs: the answers; of a peer that gave none, in words why.
    """

    label: str
    ours: Answer
    theirs: Answer | str

    @property
    def same(self) -> bool:
        """Whether the best sets are the same."""
        return not isinstance(self.theirs, str) and self.ours.best == self.theirs.best

    @property
    def difference(self) -> float | None:
        """The greatest difference between probabilities that both tell; none when there is no such pair."""
        told = {} if isinstance(self.theirs, str) else self.theirs.probability
        return max((abs(p - told[each]) for each, p in self.ours.probability.items() if each in told), default=None)

    @property
    def ratio(self) -> float | None:
        """The peer's time by the engine's; none when the peer gave no answer."""
        return None if isinstance(self.theirs, str) else self.theirs.seconds / self.ours.seconds

    def __str__(self) -> str:
        ours, milliseconds = _top(self.ours), f"{1e3 * self.ours.seconds:.2f}"
        if isinstance(self.theirs, str):
            return _LINE.format(self.label, ours, self.theirs, "", "", milliseconds, "", "").rstrip()
        difference = "-" if self.difference is None else f"{self.difference:.1e}"
        same, seconds = "yes" if self.same else "NO", f"{self.theirs.seconds:.3f}"
        return _LINE.format(
            self.label, ours, _top(self.theirs), same, difference, milliseconds, seconds, f"{self.ratio:,.0f}"
        )


def summary(rows: list[Row]) -> str:
    """One line over the rows that have both answers."""
    both = [row for row in rows if row.ratio is not None]
    if not both:
        return "no world was answered by both"
    greatest = max((row.difference for row in both if row.difference is not None), default=None)
    told = "" if greatest is None else f", probabilities within {greatest:.1e}"
    longer = median(row.ratio for row in both if row.ratio is not None)
    same = f"the same causes in {sum(row.same for row in both)} of {len(both)} worlds"
    return f"{same}{told}; the peer takes {longer:,.0f} times as long (median)"


def _top(answer: Answer) -> str:
    """The most probable cause of the best set and how many others the set has."""
    if not answer.best:
        return "none"
    first = min(answer.best, key=lambda each: (-answer.probability.get(each, 0.0), each))
    others = len(answer.best) - 1
    return first.rpartition(":")[2] + (f" and {others} more" if others else "")
