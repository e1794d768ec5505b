"""Requests between services: counted one by one, reduced with numpy at each flush; for any collector that sees them.

A collector keeps one :class:`Traffic`. It asks its :class:`Ledger` for the code of what it has seen, which makes the
entities and relations in the :class:`LiveTopology`, and records the code with a duration in its :class:`Recorder`. At a
flush, :class:`Rows` turn the totals into observations by the names of docs/attributes.md. No I/O, no clock.
"""

from causely_core.traffic.backlog import Backlog
from causely_core.traffic.ledger import Ledger, operation_of
from causely_core.traffic.live_topology import LiveTopology
from causely_core.traffic.recorder import FAILED, OK, UNREACHABLE, Recorder, Totals
from causely_core.traffic.rows import Family, Row, Rows
from causely_core.traffic.traffic import Traffic

__all__ = [
    "FAILED",
    "OK",
    "UNREACHABLE",
    "Backlog",
    "Family",
    "Ledger",
    "LiveTopology",
    "Recorder",
    "Row",
    "Rows",
    "Totals",
    "Traffic",
    "operation_of",
]
