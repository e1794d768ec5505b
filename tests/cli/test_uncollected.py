"""Cycles are left alone for a while, and only for that."""

from __future__ import annotations

import gc
import weakref

import pytest

from causely_core.cli.uncollected import uncollected


class Cycle:
    def __init__(self):
        self.itself = self


@pytest.mark.parametrize("running", [True, False])
def test_afterwards_all_is_as_it_was(running):
    (gc.enable if running else gc.disable)()
    try:
        with uncollected():
            assert not gc.isenabled()
        assert gc.isenabled() is running
    finally:
        gc.enable()


def test_what_comes_later_is_collected():
    with uncollected():
        pass
    seen = weakref.ref(Cycle())
    gc.collect()
    assert seen() is None
