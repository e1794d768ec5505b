"""Capabilities of a process, and what it has to do without."""

import os
import subprocess
import sys

import pytest
import structlog
from structlog.testing import capture_logs

from causely_core.host import Need, held, tell_unmet, unmet

EVERYTHING = frozenset(
    {"CAP_DAC_READ_SEARCH", "CAP_NET_ADMIN", "CAP_SYS_PTRACE", "CAP_SYS_ADMIN", "CAP_PERFMON", "CAP_BPF"}
)


@pytest.mark.parametrize(
    ("bits", "capabilities"),
    [
        ("000001ffffffffff", EVERYTHING),
        ("0000000000000000", set()),
        ("00000000a80425fb", set()),  # what container runtimes leave to root
        ("0000000000200000", {"CAP_SYS_ADMIN"}),
        ("000000c000081004", EVERYTHING - {"CAP_SYS_ADMIN"}),
    ],
)
def test_the_kernel_tells_them_in_bits(bits, capabilities):
    assert held(f"Name:\tx\nCapPrm:\t000001ffffffffff\nCapEff:\t{bits}\nCapBnd:\t000001ffffffffff\n") == capabilities


def test_any_of_those_that_will_do_is_enough():
    needs = [Need(("CAP_BPF", "CAP_SYS_ADMIN"), "a"), Need(("CAP_NET_ADMIN",), "b")]
    assert [need.off for need in unmet(needs, frozenset({"CAP_SYS_ADMIN"}))] == ["b"]
    assert list(unmet(needs, EVERYTHING)) == []


def test_each_that_is_missing_is_one_line():
    with capture_logs() as logs:
        tell_unmet([Need(("CAP_THAT_NOBODY_HAS",), "flying")], structlog.get_logger())
    assert [(line["event"], line["capability"], line["off"]) for line in logs] == [
        ("capability missing", "CAP_THAT_NOBODY_HAS", "flying")
    ]


@pytest.mark.skipif(os.getuid() != 0, reason="only root has capabilities to give up")
def test_a_root_that_has_less_is_told_from_one_that_has_all():
    code = "from causely_core.host import held; print(*sorted(held()))"
    rights = ["setpriv", "--bounding-set=-all,+net_admin,+sys_ptrace", "--inh-caps=-all"]
    done = subprocess.run([*rights, sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["CAP_NET_ADMIN", "CAP_SYS_PTRACE"]
