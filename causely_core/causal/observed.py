"""What is seen of the symptom nodes, and what seeing it says about their true state."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from causely_core.causal.graph import CausalGraph
from causely_core.model import Symptom, SymptomKey

_SURE = 0.999999
"""No belief goes above this, so that logarithms stay finite."""

_THROUGH_ABSENT = 0.3
"""Preference of a path through a symptom that is watched and absent, against one that is not."""

_LEAK_AT_THRESHOLD = 0.5
"""Exponent of the leak at severity 0; it grows by the severity, so that noise rarely passes for a strong symptom."""


@frozen(eq=False)
class Observed:
    """The active symptoms by node, over one graph.

    Attributes:
        active: node to symptom, by node.
        unknown: active symptoms that the graph has no node for, sorted.
    """

    graph: CausalGraph
    active: Mapping[int, Symptom]
    unknown: tuple[SymptomKey, ...]
    _leak: Mapping[int, float] = field(init=False)

    @_leak.default
    def _leaks(self) -> dict[int, float]:
        return {node: _leak(self.graph.spec(node).leak, each.severity) for node, each in self.active.items()}

    @classmethod
    def of(cls, graph: CausalGraph, active: Mapping[SymptomKey, Symptom]) -> Observed:
        """Find the node of each symptom that is active."""
        keys = sorted(key for key, symptom in active.items() if symptom.active)
        found = {key: graph.node(key) for key in keys}
        nodes = {node: active[key] for key, node in found.items() if node is not None}
        unknown = tuple(key for key, node in found.items() if node is None)
        return cls(graph, dict(sorted(nodes.items())), unknown)

    def absent(self, node: int) -> bool:
        """Whether the symptom is watched and not active, so that its absence is evidence."""
        return self.graph.watched[node] and node not in self.active

    def leak(self, node: int) -> float:
        """Probability that an active symptom of this severity shows without a modelled cause."""
        return self._leak[node]

    def carry(self, node: int, belief: float) -> float:
        """Belief that the state is truly there, given ``belief`` before looking and what is seen of it."""
        miss = self.graph.miss[node]
        if node in self.active:
            there, not_there = belief * (1.0 - miss), (1.0 - belief) * self.leak(node)
        elif self.graph.watched[node]:
            there, not_there = belief * miss, 1.0 - belief
        else:
            return min(belief, _SURE)
        return min(there / (there + not_there), _SURE)

    def preference(self, node: int) -> float:
        """Factor on the strength of every path that goes on from ``node``."""
        return _THROUGH_ABSENT if self.absent(node) else 1.0


def _leak(leak: float, severity: float) -> float:
    return float(leak ** (_LEAK_AT_THRESHOLD + min(max(severity, 0.0), 1.0)))
