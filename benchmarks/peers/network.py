"""Bayesian networks of noisy ORs: the definition that the engine and its peers are held against."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping

from attrs import field, frozen


@frozen
class NoisyOr:
    """A variable that is true by itself with ``leak``, or because a true parent made it so, each by itself.

    Attributes:
        leak: of a cause, its prior.
        parents: the probability with which each makes it true.
    """

    leak: float
    parents: Mapping[str, float] = field(factory=dict)

    def probability(self, true: Iterable[str]) -> float:
        """That it is true when of its parents just those among ``true`` are."""
        silent = 1.0 - self.leak
        for parent in true:
            silent *= 1.0 - self.parents.get(parent, 0.0)
        return 1.0 - silent


Network = Mapping[str, NoisyOr]
"""Variables by name, parents before children."""


def sample(network: Network, given: Mapping[str, bool], chance: random.Random) -> dict[str, bool]:
    """One state of all variables; those in ``given`` are set, not drawn."""
    state: dict[str, bool] = {}
    for name, variable in network.items():
        true = [parent for parent in variable.parents if state[parent]]
        state[name] = given[name] if name in given else chance.random() < variable.probability(true)
    return state
