"""Segments that connections have sent from one look to the next."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from attrs import define, field

from causely_plugin_host.inet_diag import Table
from causely_plugin_host.socket_tables import Found

_COUNTED = ("sent", "sent_again")


@define
class Segments:
    """Remembers the sockets of each network namespace."""

    _before: dict[int, Found] = field(factory=dict, init=False)

    def keep(self, namespaces: Iterable[int]) -> None:
        """Forget all network namespaces but these."""
        self._before = {each: self._before[each] for each in self._before.keys() & set(namespaces)}

    def since(self, namespace: int, found: Found) -> Table:
        """The sockets of a namespace, with what they have sent since the last look only; nan when it is not known."""
        sockets, before = found.sockets.copy(), self._before.get(namespace)
        self._before[namespace] = found
        # A socket that was not there has sent all of it since, unless it was perhaps not looked at.
        known = before is not None and before.complete
        earlier = {name: np.full(len(sockets), 0.0 if known else np.nan) for name in _COUNTED}
        if before is not None:
            _, now, then = np.intersect1d(sockets["cookie"], before.sockets["cookie"], return_indices=True)
            for name in _COUNTED:
                earlier[name][now] = before.sockets[name][then]
        for name in _COUNTED:
            # The kernel counts with 32 bits, and from 0 again behind the last.
            sockets[name] = np.mod(sockets[name] - earlier[name], 2.0**32)
        return sockets
