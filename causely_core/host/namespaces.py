"""Network namespaces of the machine's processes, and looks into them from within."""

from __future__ import annotations

import ctypes
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Thread
from typing import TypeVar

from causely_core.host.root import HostRoot, link

T = TypeVar("T")

_INODE = re.compile(r"net:\[(\d+)\]")
_CLONE_NEWNET = 0x40000000
"""Of linux/sched.h; Python has os.setns from 3.12 on only."""
_OWN = "/proc/thread-self/ns/net"


def network_namespaces(root: HostRoot, pids: Iterable[int]) -> dict[int, list[int]]:
    """The processes of each network namespace, by its inode; what may not be looked at is left out."""
    found: dict[int, list[int]] = {}
    for pid in pids:
        if match := _INODE.fullmatch(link(f"{root.proc}/{pid}/ns/net")):
            found.setdefault(int(match[1]), []).append(pid)
    return found


def look_into(
    root: HostRoot, namespaces: Mapping[int, Sequence[int]], look: Callable[[int], T]
) -> tuple[dict[int, T], OSError | None]:
    """Call ``look`` from within each namespace, with its inode.

    It runs in a thread that ends with this call, because a thread that has entered a namespace stays there, and so
    that nothing keeps a namespace alive whose last process ends.

    Args:
        root: the machine.
        namespaces: processes by namespace; one that still lives is enough.
        look: what to do there; for one that raises :class:`OSError` nothing is answered.

    Returns:
        What was answered, by namespace, and why one could not be looked into, if there was one.
    """
    found: dict[int, T] = {}
    problems: list[OSError] = []

    def visit() -> None:
        # The own namespace first: to be there takes no right.
        for namespace in sorted(namespaces, key=lambda each: each != _own()):
            try:
                if namespace != _own() and not _enter(root, namespaces[namespace]):
                    continue
                found[namespace] = look(namespace)
            except OSError as problem:
                problems.append(problem)

    thread = Thread(target=visit, name="network namespaces", daemon=True)
    thread.start()
    thread.join()
    return found, problems[0] if problems else None


def _own() -> int:
    match = _INODE.fullmatch(link(_OWN))
    return int(match[1]) if match else 0


def _enter(root: HostRoot, pids: Iterable[int]) -> bool:
    """Enter the namespace of any of these processes; no when all of them have ended."""
    for pid in pids:
        try:
            descriptor = os.open(f"{root.proc}/{pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        except (FileNotFoundError, ProcessLookupError):
            continue
        try:
            if _libc.setns(descriptor, _CLONE_NEWNET):
                number = ctypes.get_errno()
                raise OSError(number, f"cannot enter a network namespace: {os.strerror(number)}")
        finally:
            os.close(descriptor)
        return True
    return False


_libc = ctypes.CDLL(None, use_errno=True)
