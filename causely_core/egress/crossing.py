"""Crossings: one line of the ledger for everything that passes the boundary."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from attrs import asdict, field, frozen


@frozen
class Crossing:
    """What passed the boundary at once.

    Attributes:
        time: seconds since the epoch.
        direction: ``out`` to the analyzer or ``in`` from it.
        kind: ``topology``, ``symptoms``, ``evidence`` or ``evidence_request``.
        destination: the analyzer's address.
        bytes: of texts (UTF-8) and numbers (8 each), before framing and compression.
        items: how many of each type (``Service``, ``calls``, ``RequestLatency_High``, ``deleted``).
        attributes: names of the entity attributes that crossed, sorted.
        redactions: how many pieces of each kind were hidden (``email``, ``cut``).
        drops: how many of each thing were left out (attribute names, mostly).
    """

    time: float
    direction: str
    kind: str
    destination: str
    bytes: int
    items: Mapping[str, int] = field(factory=dict)
    attributes: tuple[str, ...] = ()
    redactions: Mapping[str, int] = field(factory=dict)
    drops: Mapping[str, int] = field(factory=dict)

    def to_json(self) -> str:
        """One line without its end."""
        return json.dumps(asdict(self, recurse=False), separators=(",", ":"))

    @classmethod
    def from_json(cls, line: str) -> Crossing | None:
        """The crossing that a line tells of; none when it is no such line, for example half written."""
        try:
            fields: dict[str, Any] = json.loads(line)
            fields["attributes"] = tuple(fields["attributes"])
            return cls(**fields)
        except (ValueError, TypeError, KeyError):
            return None
