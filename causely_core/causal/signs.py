"""Signs: the active symptoms that each candidate leads to, and how likely it makes them seen.

Effects of one kind come of one cause together: where a timeout has passed once, it passes often. The rule's probability
is the chance that it passes at all. In simulated incidents callers of slow services fail in 0.3 of cases, but in 0.74
where another caller fails already; for other rules alike. And what comes of one state shares the doubt whether that is
there. So with n active symptoms in one walk that come by one rule of probability ``p``, the belief of each is greater
by ``p ** ((1 + (n - 1) again) / n - 1)``, and with n that come of one state in which the belief is ``b``, by
``b ** (1 / n - 1)``.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

from causely_core.causal.absences import FAR, spreading
from causely_core.causal.arrays import Column, Floats, Places
from causely_core.causal.exact import UNITS
from causely_core.causal.native.ground import Ground
from causely_core.causal.native.links import parts
from causely_core.causal.observed import Observed
from causely_core.causal.onsets import LIKELY, lateness
from causely_core.causal.walk import Starts

_AGAIN = 0.25
"""Exponent of a rule's probability where it has passed elsewhere."""


@frozen(eq=False)
class Signs:
    """What the walks from N candidates say: where they lead to K active symptoms, and what speaks against them.

    Attributes:
        first: N + 1; the signs of candidate ``i`` are ``first[i]:first[i + 1]``, by symptom.
        columns: of all signs. ``number`` is the active symptom, from 0, ``via`` the node before it on the strongest
            path, or -1 for direct effects, ``weight`` is -log(1 - probability that the candidate
            makes the symptom seen), ``own`` tells whether the symptom is of the candidate's entity.
        absence: N, log likelihood of the absences that each reaches; zero or less.
        lateness: N, log likelihood of the onsets of what each shows directly; zero or less.
        active: K.
    """

    first: Places
    columns: dict[str, Column]
    absence: Floats
    lateness: Floats
    active: int

    @classmethod
    def of(cls, observed: Observed, on: Ground, starts: Starts, place: Places) -> Signs:
        """Of candidates on the entities at ``place``, whose effects are ``starts``."""
        scale = {"far": FAR, "parts": UNITS, "again": _AGAIN, "likely": LIKELY}
        active = {"spreading": spreading(observed), "onset": observed.onsets}
        said = on.weigh(starts.columns, place, scale, active)
        first = np.concatenate([[0], said.ends])
        return cls(first, said.signs, said.absent, lateness(said.own, said.caused), len(observed.nodes))

    def parts(self) -> list[Places]:
        """The candidates of each part, ascending, that share no symptom with another part's; a posterior factors over
        them. One that leads to nothing is a part of its own.
        """
        label = parts(self.first, self.columns["number"], self.active)
        order = np.argsort(label, kind="stable")
        return np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if len(label) else []
