"""Hash tables of the kernel as arrays."""

import os
import struct
from pathlib import Path

import numpy as np
import pytest
from causely_plugin_ebpf.kernel import bpf
from causely_plugin_ebpf.kernel.loaded import Loaded
from causely_plugin_ebpf.kernel.objects import BpfObject, MapShape
from causely_plugin_ebpf.kernel.tables import Table

HASH = 1
KEY, VALUE = np.dtype([("key", "<u4")]), np.dtype([("first", "<u8"), ("second", "<u8")])


@pytest.fixture
def loaded():
    """An object in the kernel that has a table and no programs."""
    if os.geteuid():
        pytest.skip("not root")
    found = Loaded.load(BpfObject((MapShape("table", HASH, 4, 16, 64, 0),), ()))
    yield found
    found.close()


@pytest.fixture
def table(loaded):
    """The table with what is under two keys."""
    for key in (3, 5):
        assert bpf.update(loaded.descriptor("table"), struct.pack("=I", key), struct.pack("=2Q", key * 10, key * 100))
    return Table.of(loaded, "table", KEY, VALUE)


def rows(found):
    keys, values = found
    return sorted(zip(keys["key"].tolist(), values["first"].tolist(), values["second"].tolist(), strict=True))


def test_what_is_read_stays(table):
    assert rows(table.read()) == rows(table.read()) == [(3, 30, 300), (5, 50, 500)]


def test_what_is_taken_is_gone(table):
    assert rows(table.take()) == [(3, 30, 300), (5, 50, 500)]
    assert rows(table.take()) == rows(table.read()) == []


def test_a_full_table(loaded):
    for key in range(64):
        bpf.update(loaded.descriptor("table"), struct.pack("=I", key), bytes(16))
    assert len(Table.of(loaded, "table", KEY, VALUE).read()[0]) == 64


def test_types_of_other_sizes_are_refused(loaded):
    with pytest.raises(ValueError, match="table table: expected 4 and 16 bytes"):
        Table.of(loaded, "table", KEY, KEY)


def test_what_is_no_table_is_refused():
    with Path(os.devnull).open() as file, pytest.raises(bpf.KernelError, match="reading a table"):
        bpf.entries(file.fileno(), 0, 0, 1, take=False)
