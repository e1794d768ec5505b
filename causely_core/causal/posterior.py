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
    mark = _marks(candidates)
    base, added, score, key = [], [], [], []
    for number, (members, (own, gains)) in enumerate(opened.items()):
        near = np.flatnonzero(np.append(gains, 0.0) > best - _NEGLIGIBLE - own)
        base.append(np.full(len(near), number))
        added.append(near)
        score.append(own + np.append(gains, 0.0)[near])
        key.append(mark[list(members)].sum(dtype=np.uint64) + mark[near])
    _, first = np.unique(np.concatenate(key), return_index=True)
    mass = np.exp(np.concatenate(score)[first] - best)
    return _shares(list(opened), np.concatenate(base)[first], np.concatenate(added)[first], mass, candidates)


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
