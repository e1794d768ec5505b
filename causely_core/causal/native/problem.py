"""One part of an inference: by how much causes make sets better, and the best set; ``problem.h`` tells what goes in."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from causely_core.causal.native.library import LIBRARY, Array, fields, filled, pointer

_PROBLEM: dict[str, type] = {
    "start": np.int64,
    "column": np.int32,
    "way": np.int32,
    "weight": np.float64,
    "left": np.float64,
    "symptom": np.int32,
    "silence": np.float64,
    "bias": np.float64,
}

LIBRARY.gains.restype = ctypes.c_double


class _Problem(ctypes.Structure):
    _fields_ = (*((name, ctypes.c_int64) for name in ("candidates", "symptoms", "ways")), *fields(_PROBLEM))


class _Slate(ctypes.Structure):
    _fields_ = fields(("calm", "risen", "more"))


class _Effort(ctypes.Structure):
    _fields_ = (
        ("budget", ctypes.c_int64),
        *((name, ctypes.c_double) for name in ("slack", "epsilon", "negligible")),
        ("givens", ctypes.c_int64),
        *fields(("given",)),
    )


class _Found(ctypes.Structure):
    _fields_ = (
        ("count", ctypes.c_int64),
        *fields(("members",)),
        *((name, ctypes.c_double) for name in ("score", "gap")),
        *fields(("probability",)),
    )


class Found(NamedTuple):
    """What a search has found.

    Attributes:
        members: the best set, ascending.
        score: of it, against the empty set, nats.
        gap: nats by which a set that was not met may be better; 0 when none can be.
        probability: of each candidate.
    """

    members: tuple[int, ...]
    score: float
    gap: float
    probability: Array


class Part:
    """N candidates and what they lead to, given as columns by name."""

    def __init__(self, columns: Mapping[str, Array]) -> None:
        self._kept: dict[str, Array] = {
            name: np.ascontiguousarray(columns[name], kind) for name, kind in _PROBLEM.items()
        }
        self._count, symptoms, ways = (len(self._kept[name]) for name in ("bias", "silence", "symptom"))
        self._problem = filled(_Problem(self._count, symptoms, ways), self._kept)
        self._room = {"calm": np.empty(symptoms), "risen": np.empty(symptoms), "more": np.empty(ways)}
        self._slate = filled(_Slate(), self._room)

    def beyond(self, used: Array) -> tuple[float, Array]:
        """The evidence where each way has the weight ``used`` already, and the gains (N) beyond."""
        gains, used = np.empty(self._count), np.ascontiguousarray(used, np.float64)
        given = ctypes.byref(self._problem), pointer(used), ctypes.byref(self._slate), pointer(gains)
        evidence: float = LIBRARY.gains(*given)
        return evidence, gains

    def search(self, budget: int, given: Array, **nats: float) -> Found:
        """The best set.

        Args:
            budget: links that branch and bound may weigh, over all sets.
            given: parts of what the best set covers that bounds take as given.
            nats: ``slack``, ``epsilon`` and ``negligible`` of ``struct effort``.

        Raises:
            MemoryError: when there is not enough for the sets.
        """
        members, probability = np.empty(self._count, dtype=np.int32), np.empty(self._count)
        effort = filled(_Effort(budget=budget, givens=len(given), **nats), {"given": given})
        found = filled(_Found(), {"members": members, "probability": probability})
        if LIBRARY.search(ctypes.byref(self._problem), ctypes.byref(effort), ctypes.byref(found)):
            raise MemoryError(f"no room for the sets of {self._count} causes")
        return Found(tuple(members[: found.count].tolist()), found.score, found.gap, probability)
