"""Counting what a crossing consists of while it is made."""

from __future__ import annotations

from collections import Counter

from attrs import define, field

from causely_core.egress.crossing import Crossing

MAX_NAMES = 64
"""Different names that one line of the ledger lists; the rest is summed up under ``other``."""


@define
class Tally:
    """The counts of one crossing (named as in :class:`Crossing`)."""

    bytes: int = 0
    items: Counter[str] = field(factory=Counter)
    attributes: set[str] = field(factory=set)
    redactions: Counter[str] = field(factory=Counter)
    drops: Counter[str] = field(factory=Counter)

    def number(self, count: int = 1) -> None:
        """Count numbers that cross."""
        self.bytes += 8 * count

    def crossing(self, time: float, direction: str, kind: str, destination: str) -> Crossing:
        """The ledger's line for what was counted."""
        return Crossing(
            time,
            direction,
            kind,
            destination,
            self.bytes,
            _listed(self.items),
            tuple(sorted(self.attributes)),
            dict(self.redactions),
            _listed(self.drops),
        )


def _listed(counts: Counter[str]) -> dict[str, int]:
    listed = dict(counts.most_common(MAX_NAMES))
    rest = counts.total() - sum(listed.values())
    return {**listed, "other": rest} if rest else listed
