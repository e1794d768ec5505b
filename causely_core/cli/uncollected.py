"""Doing without Python's cycle collector for a while."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Nothing is collected within, and nothing that is there at the end is looked at by collections later.

    For what makes many objects that are there to stay, and hardly any cycles: importing, or diagnosing one incident.
    Collections would look through all of them time and again, 50 ms in all, and find nothing.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if running:
            gc.enable()
