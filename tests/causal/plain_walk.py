"""A walk over the causal graph by Dijkstra's rule, one node at a time: what the engine's walks must agree with."""

from __future__ import annotations

import heapq
import math

from attrs import frozen

CUTOFF, THROUGH_ABSENT = 0.04, 0.3
DIRECT = -1


@frozen(order=True)
class Place:
    """Where a walk has come: the node before, the belief, and the arrow's probability."""

    via: int
    belief: float
    arrow: float


def units(probability):
    """-log probability in whole millionths (of 2^20), at least one."""
    return max(round(-math.log(probability) * 2**20), 1)


def walk(observed, effects):
    """What a cause with ``effects`` (node to probability) leads to, by node.

    The strongest path counts; of equally strong ones that along which most is seen, then the shorter one, then the one
    whose last node has the lower number of its id.
    """
    graph, places = observed.graph, {}
    heap = [((_entering(observed, node, p), 0, 0), 0, node, Place(DIRECT, p, p)) for node, p in effects.items()]
    heapq.heapify(heap)
    while heap:
        cost, _, node, place = heapq.heappop(heap)
        if node in places:
            continue
        places[node] = place
        odds = _odds(observed, node)
        strength = cost[0] + (units(THROUGH_ABSENT) if observed.absent(node) else 0)
        dim = cost[1] + round(min(odds, 16.0) * 1024)
        belief = min(place.belief / (place.belief + (1 - place.belief) * odds), 0.999999)
        for position in range(graph.out.rows.first[node], graph.out.rows.stop[node]):
            p = float(graph.rules.probability[graph.out.rule[position]])
            head = int(graph.out.head[position])
            reach = (strength + _entering(observed, head, p), dim, cost[2] + 1)
            if reach[0] <= units(CUTOFF):
                step = Place(node, belief * p, p)
                heapq.heappush(heap, (reach, _order(graph, node), head, step))
    return places


def _entering(observed, node, probability):
    """An arrow to what is seen costs a quarter."""
    return max(units(probability) // 4, 1) if node in observed.active else units(probability)


def _order(graph, node):
    place = graph.state(node).place
    return int(graph.names.order[place]) + node - int(graph.blocks.base[place])


def _odds(observed, node):
    miss = float(observed.graph.miss[node])
    if node in observed.active:
        return float(observed.leaks[observed.number[node] - 1]) / (1 - miss)
    return 1 / miss if observed.absent(node) else 1.0
