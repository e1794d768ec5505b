"""Splitting candidates into parts that share no active symptom, so that each can be searched by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from causely_core.causal.candidate import Candidate


def independent(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """Parts with no active symptom in common, each in the order given; a posterior factors over them."""
    group: dict[int, int] = {}
    for candidate in candidates:
        first, *others = (_root(group, node) for node in candidate.active)
        for other in others:
            group[_root(group, other)] = _root(group, first)
    parts: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        parts[_root(group, next(iter(candidate.active)))].append(candidate)
    return list(parts.values())


def _root(group: dict[int, int], node: int) -> int:
    """The node that stands for the group of ``node``; paths are halved on the way."""
    while (parent := group.setdefault(node, node)) != node:
        group[node] = node = group[parent]
    return node
