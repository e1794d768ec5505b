"""The posterior of each candidate over the sets of causes that a search has met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from causely_core.causal.arrays import Floats, Places

_NEGLIGIBLE = 14.0
"""Nats below the best at which a set no longer counts in the posterior: less than a millionth."""


class Opened(NamedTuple):
    """A set whose larger sets were weighed.

    Attributes:
        score: against the empty set, nats.
        gains: one a candidate: by how much the score grows with it; minus infinity for members.
    """

    score: float
    gains: Floats


def posterior(opened: Mapping[tuple[int, ...], Opened], candidates: int, best: float) -> Floats:
    """Probability of each candidate, normalised over the sets ``opened`` and those larger by one, each counted once.

    Args:
        opened: by the set's members.
        candidates: how many there are.
        best: the highest score of all.
    """
    mark, sets = _marks(candidates), list(opened)
    own = np.array([each.score for each in opened.values()])
    gains = np.zeros((len(sets), candidates + 1))
    gains[:, :-1] = [each.gains for each in opened.values()]
    base, added = np.nonzero(gains > best - _NEGLIGIBLE - own[:, None])
    members = np.array([mark[list(each)].sum(dtype=np.uint64) for each in sets], dtype=np.uint64)
    _, first = np.unique(members[base] + mark[added], return_index=True)
    base, added = base[first], added[first]
    return _shares(sets, base, added, np.exp(own[base] + gains[base, added] - best), candidates)


def _shares(sets: list[tuple[int, ...]], base: Places, added: Places, mass: Floats, candidates: int) -> Floats:
    probability = np.bincount(added, mass, candidates + 1)[:candidates]
    for members, weight in zip(sets, np.bincount(base, mass, len(sets)), strict=True):
        probability[list(members)] += weight
    return np.asarray(probability / mass.sum())


def _marks(candidates: int) -> Places:
    """A random number for each candidate, so that sums tell sets apart, and 0 for adding none (splitmix64's mixing)."""
    mark = np.arange(1, candidates + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mark = (mark ^ mark >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    mark = (mark ^ mark >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return np.append(mark ^ mark >> np.uint64(31), np.uint64(0))
