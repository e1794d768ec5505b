"""Taps: each file once, not more than there is budget for, and what is refused is told."""

import os
import shutil
from pathlib import Path

import pytest
from attrs import define, field
from causely_plugin_ebpf.encryption.taps import Taps

from causely_core.host import HostRoot


@define
class Kernel:
    """Takes note of what it is asked for."""

    tapped: list = field(factory=list)
    complaints: list = field(factory=list)
    refuses: bool = False

    def attach(self, path, site):
        if self.refuses:
            raise OSError(22, "no probes here")
        self.tapped.append((Path(path).stat().st_ino, site.program))
        return os.open("/dev/null", os.O_RDONLY)

    def refused(self, path, reason):
        self.complaints.append((path, reason))


@pytest.fixture
def library():
    found = next(Path("/usr/lib").glob("*/libssl.so.*"), None)
    if found is None:
        pytest.skip("OpenSSL is not installed (Debian's libssl3)")
    return found


@pytest.fixture
def kernel():
    return Kernel()


@pytest.fixture
def taps(tmp_path, kernel):
    made = Taps(HostRoot(str(tmp_path)), kernel.attach, kernel.refused, budget=2)
    yield made
    made.close()


def runs(root, pid, program):
    """A process of a machine that runs what another file has."""
    place = root / "proc" / str(pid) / "exe"
    place.parent.mkdir(parents=True)
    shutil.copy(program, place)
    return place.stat().st_ino


def test_a_file_is_tapped_once_whoever_runs_it(taps, kernel, tmp_path, library):
    number = runs(tmp_path, 1, library)
    (tmp_path / "proc/2").mkdir()
    (tmp_path / "proc/2/exe").hardlink_to(tmp_path / "proc/1/exe")
    for pid in (1, 2, 1):
        taps.look_at_program(pid)
    names = ["SSL_read", "SSL", "SSL_read_ex", "SSL", "SSL_write", "SSL", "SSL_write_ex", "SSL"]
    assert kernel.tapped == [(number, name) for name in names]
    assert taps.files == 1
    assert not kernel.complaints


def test_what_has_nothing_to_tap_is_no_tapped_file(taps, kernel, tmp_path):
    runs(tmp_path, 1, "/bin/true")
    taps.look_at_program(1)
    assert (taps.files, kernel.tapped, kernel.complaints) == (0, [], [])


def test_programs_that_begin_are_looked_at_while_there_is_budget(taps, kernel, tmp_path, library):
    for pid in (1, 2, 3):
        runs(tmp_path, pid, library)
        taps.has_begun(pid)
    assert taps.files == 2
    taps.refill()
    taps.has_begun(3)
    assert taps.files == 3


def test_what_is_refused_is_told_once(taps, kernel, tmp_path, library):
    kernel.refuses = True
    runs(tmp_path, 1, library)
    taps.look_at_program(1)
    taps.look_at_program(1)
    assert kernel.complaints == [(f"{tmp_path}/proc/1/exe", "[Errno 22] no probes here")]


def test_a_process_that_has_ended_is_no_complaint(taps, kernel):
    taps.look(1)
    assert not kernel.complaints
