"""Comparing topologies."""

from __future__ import annotations

from causely_core.model import Relation, Topology

MOST = 3
"""Differences that are told; the first few show what is wrong."""


def difference(told: Topology, true: Topology) -> str:
    """What differs, as one line; empty when nothing does."""
    found = [f"{id} is missing" for id in true.entities if id not in told.entities]
    found += [f"{id} was not deleted" for id in told.entities if id not in true.entities]
    found += [f"{id} is out of date" for id, one in true.entities.items() if told.entities.get(id, one) != one]
    known, wanted = set(told.relations), set(true.relations)
    found += [f"{_line(each)} is missing" for each in wanted - known]
    found += [f"{_line(each)} was not deleted" for each in known - wanted]
    return ", ".join([*sorted(found)[:MOST], *(["..."] if len(found) > MOST else [])])


def _line(relation: Relation) -> str:
    return f"{relation.source} {relation.type} {relation.target}"
