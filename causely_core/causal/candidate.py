"""One candidate, to be told of: what it leads to, and how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from attrs import field, frozen

from causely_core.causal.arrays import Places
from causely_core.causal.candidates import Candidates
from causely_core.causal.reached import Reached
from causely_core.model import EntityId, RootCauseSpec


@frozen(eq=False)
class Candidate:
    """One root cause on one entity; what it leads to is read from the columns when it is asked for.

    Attributes:
        row: its place among the candidates.
    """

    candidates: Candidates
    row: int

    @property
    def place(self) -> int:
        """Of its entity in the graph."""
        return int(self.candidates.place[self.row])

    @property
    def entity(self) -> EntityId:
        """Its entity's id."""
        return self.candidates.observed.graph.entities[self.place]

    @property
    def spec(self) -> RootCauseSpec:
        """What the model says of it."""
        return self.candidates.causes.specs[int(self.candidates.cause[self.row])]

    @property
    def lateness(self) -> float:
        """Log likelihood of its own symptoms' onsets; zero or less."""
        return float(self.candidates.signs.lateness[self.row])

    @property
    def reached(self) -> Reached:
        """What it leads to."""
        return self.candidates.reached(self.row)

    @property
    def explains(self) -> Places:
        """Nodes of the active symptoms that it explains better than noise does, nearest first; at least one."""
        return self.reached.node[self.reached.explained]

    @property
    def missing(self) -> Places:
        """Nodes of the absent symptoms that it would show more often than not, nearest first."""
        return self.reached.node[self.reached.missing]


@frozen(eq=False)
class Chosen(Sequence[Candidate]):
    """Some of the candidates, each made when it is asked for.

    Attributes:
        rows: their places among all.
    """

    candidates: Candidates
    rows: Places
    _made: dict[int, Candidate] = field(factory=dict, init=False)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> Candidate: ...

    @overload
    def __getitem__(self, place: slice) -> list[Candidate]: ...

    def __getitem__(self, place: int | slice) -> Candidate | list[Candidate]:
        """The candidate at ``place``, or those of a slice."""
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        row = int(self.rows[place])
        return self._made.setdefault(row, Candidate(self.candidates, row))
