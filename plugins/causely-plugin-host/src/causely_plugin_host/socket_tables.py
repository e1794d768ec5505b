"""Diagnostics of all TCP sockets of the machine, asked of the kernel in each network namespace."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen

from causely_core.host import HostRoot
from causely_core.host.namespaces import look_into
from causely_core.host.netlink import DUMP, REQUEST, SOCK_DIAG, Netlink
from causely_plugin_host.inet_diag import BY_FAMILY, Table, parse, question

_BYTES = 448
"""Of what Linux tells of one socket, a little more than it is now (408)."""


@frozen(eq=False)
class Found:
    """The sockets of one network namespace.

    Attributes:
        sockets: they.
        complete: whether these are all; no when there were more than were to be read.
    """

    sockets: Table
    complete: bool


def socket_tables(
    root: HostRoot, namespaces: Mapping[int, Sequence[int]], most: int
) -> tuple[dict[int, Found], OSError | None]:
    """The sockets of each namespace, about ``most`` in all, and why those of one are missing, if they are.

    Args:
        root: the machine.
        namespaces: processes by network namespace.
        most: sockets; of what is more only some are read.
    """
    left = most * _BYTES

    def read(namespace: int) -> Found:
        nonlocal left
        tables, complete = [parse(b"", ())], left > 0
        for family in (socket.AF_INET, socket.AF_INET6):
            if left > 0:
                with Netlink(SOCK_DIAG) as kernel:
                    answer = kernel.ask(BY_FAMILY, REQUEST | DUMP, question(family), left)
                tables.append(parse(answer.content, answer.starts))
                left -= len(answer.content)
                complete = complete and answer.complete
        return Found(np.concatenate(tables), complete)

    return look_into(root, namespaces, read)
