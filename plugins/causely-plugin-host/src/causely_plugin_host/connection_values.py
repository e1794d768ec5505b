"""What the sockets of a service tell: how far its peers are, what is lost on the way, and who waits to be accepted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from causely_plugin_host.counters import share
from causely_plugin_host.inet_diag import Table
from causely_plugin_host.machine_values import Value
from causely_plugin_host.network import FEWEST

_RANKS = {"tcp_rtt.p50": 50.0, "tcp_rtt.p95": 95.0}


def connection_values(sockets: Table, seconds: float) -> Iterator[Value]:
    """Attributes of a Service.

    Args:
        sockets: its own, with the segments that they have sent since the last look.
        seconds: since then; what a connection tells that sent no data meanwhile is of an earlier time.
    """
    fresh = sockets["round_trip"][~np.isnan(sockets["round_trip"]) & (sockets["sent_ago"] <= seconds)]
    for name, rank in _RANKS.items():
        yield name, float(np.percentile(fresh, rank)) if fresh.size else None
    again, sent = (float(np.nansum(sockets[name])) for name in ("sent_again", "sent"))
    yield "retransmit_rate", share(again, sent, FEWEST)


def queue_utilization(sockets: Table) -> float | None:
    """Of the fullest accept queue, the connections in it by the most that it takes; none when none listens.

    The most is one more than the backlog (``sk_acceptq_is_full`` of the kernel's include/net/sock.h).
    """
    listening = sockets[sockets["listening"]]
    used = listening["waiting"] / (listening["backlog"] + 1.0)
    return float(used.max()) if used.size else None
