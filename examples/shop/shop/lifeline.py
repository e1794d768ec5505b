"""Processes that never outlive the one that started them, not even after `kill -9`."""

from __future__ import annotations

import ctypes
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PR_SET_PDEATHSIG = 1

# Loaded here and not in the child: between fork and exec nothing may take a lock.
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(signal_number: int) -> Callable[[], None]:
    """Return a `preexec_fn` that has the kernel send `signal_number` when the starting *thread* ends."""
    parent = os.getpid()

    def arm() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:  # the parent died before the kernel was told
            os._exit(1)

    return arm
