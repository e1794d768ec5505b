"""Names of what processes execute."""

import os

import pytest
from causely_plugin_ebpf.resources.binaries import ANONYMOUS, KERNEL, Binaries, executable, name_at
from hypothesis import given
from hypothesis import strategies as st

from causely_core.host import HostRoot

MAPS = b"""\
559d00000000-559d00001000 r--p 00000000 fe:00 1 /usr/bin/shop
559d00001000-559d00005000 r-xp 00001000 fe:00 1 /usr/bin/shop
7f0000000000-7f0000002000 r-xp 00000000 fe:00 2 /usr/lib/my lib/libssl.so.3 (deleted)
7f0000002000-7f0000003000 rwxp 00000000 00:00 0
7f0000003000-7f0000004000 r-xp 00000000 00:01 9 /memfd:doublemapper (deleted)
7ffd00000000-7ffd00002000 r-xp 00000000 00:00 0                          [vdso]
"""


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (0x559D00001000, "shop"),
        (0x559D00004FFF, "shop"),
        (0x559D00005000, None),
        (0x559D00000000, None),
        (0x7F0000001000, "libssl.so.3"),
        (0x7F0000002FFF, ANONYMOUS),
        (0x7F0000003000, ANONYMOUS),
        (0x7FFD00001000, "[vdso]"),
        (0, None),
    ],
)
def test_what_is_mapped_where(address, name):
    assert name_at(executable(MAPS), address >> 12) == name


@given(st.binary())
def test_anything_can_be_read(content):
    assert all(begin < 1 << 64 for begin, _, _ in executable(content + b"\n" + MAPS))


def test_this_process():
    binaries = Binaries(HostRoot())
    (page, *_), *_ = executable(open(f"/proc/{os.getpid()}/maps", "rb").read())  # noqa: SIM115, PTH123
    assert binaries.name(os.getpid(), page)
    assert binaries.name(os.getpid(), 0) == KERNEL
    assert binaries.name(os.getpid(), 1) is None


def test_a_process_that_has_ended_has_no_names():
    assert Binaries(HostRoot()).name(1 << 30, 5) is None
