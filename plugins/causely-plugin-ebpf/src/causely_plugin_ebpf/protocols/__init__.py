"""Layer-7 protocols: what two processes ask of each other, told from the first bytes of each read and write.

:func:`sniff` says which protocol a connection speaks, :func:`dialogue` makes its state, and the
:class:`Dialogue` turns each :class:`Segment` into the :class:`Exchange` objects that it ended. No I/O, no clock, and
nothing of what users sent gets out: only names of few values.
"""

from causely_plugin_ebpf.protocols.dialogue import MAX_PENDING, Dialogue, Exchange, Outcome, Segment
from causely_plugin_ebpf.protocols.registry import PROTOCOLS, Protocol, dialogue, sniff

__all__ = [
    "MAX_PENDING",
    "PROTOCOLS",
    "Dialogue",
    "Exchange",
    "Outcome",
    "Protocol",
    "Segment",
    "dialogue",
    "sniff",
]
