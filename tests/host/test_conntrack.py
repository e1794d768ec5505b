"""Who really answers a client."""

import ipaddress
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.host.conntrack import KEPT, Conntrack, parse_tracked

PORTS = st.integers(0, 65535)
ADDRESS = "10.1.0.7"
CLIENT, SERVICE, POD = (ADDRESS, 41000), ("10.96.0.1", 80), ("10.1.0.9", 8080)

REWRITTEN = """
import socket, subprocess, sys
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
subprocess.run(["ip", "address", "add", "10.1.0.7/8", "dev", "lo"], check=True)
for rule in (
    "add table inet t",
    "add chain inet t rewritten { type nat hook output priority -100; }",
    "add rule inet t rewritten ip daddr 10.96.0.1 tcp dport 80 dnat ip to 10.1.0.7:8080",
):
    subprocess.run(["nft", rule], check=True)
with socket.create_server(("", 8080)), socket.create_connection(("10.96.0.1", 80)) as rewritten:
    with socket.create_connection(("10.1.0.7", 8080)) as plain:
        print(rewritten.getsockname()[1], plain.getsockname()[1], flush=True)
        sys.stdin.read()
"""


def line(asked, answer, protocol="tcp", between="packets=1 bytes=60 ", family=4):
    (source, source_port), (target, target_port) = asked
    ends = f"src={source} dst={target} sport={source_port} dport={target_port} {between}"
    back = f"src={answer[0]} dst={source} sport={answer[1]} dport={source_port} [ASSURED] mark=0 zone=0 use=2"
    return f"ipv{family}     2 {protocol}      6 431999 ESTABLISHED {ends}{back}\n"


@pytest.fixture
def tracked(tree):
    """Writes the table of a machine whose kernel cannot be asked."""
    tree.link("proc/1/ns/net", "net:[1]")
    return lambda *lines: tree.write("proc/1/net/nf_conntrack", "".join(lines))


@given(*[st.ip_addresses(v=4), PORTS] * 3, st.sampled_from(["", "packets=1 bytes=60 ", "[UNREPLIED] "]))
def test_a_line(client, client_port, target, target_port, pod, pod_port, between):
    ends = (str(client), client_port), (str(target), target_port)
    found = list(parse_tracked(line(ends, (pod, pod_port), between=between).encode()))
    answer = str(pod), pod_port
    assert found == ([] if answer == ends[1] else [(("tcp", *ends), answer)])


@given(*[st.ip_addresses(v=6)] * 3)
def test_addresses_of_ipv6_are_written_as_others_write_them(client, target, pod):
    told = line(((client.exploded, 1), (target.exploded, 80)), (pod.exploded, 8080), family=6)
    ((asked, answer),) = parse_tracked(told.encode())
    ends = (asked[1][0], asked[2][0], answer[0])
    assert [ipaddress.ip_address(end) for end in ends] == [client, target, pod]
    assert not any(end.startswith("0000:") for end in ends)


@given(st.binary() | st.text().map(lambda text: line((("x", text), (text, "80")), (text, "8")).encode()))
def test_anything_can_be_read(content):
    list(parse_tracked(content))


def test_the_pod_behind_an_address_of_a_service(tree, tracked):
    tracked(line((CLIENT, SERVICE), POD), line((CLIENT, ("10.1.0.8", 80)), ("10.1.0.8", 80)))
    conntrack = Conntrack(tree.root, budget=9)
    assert conntrack.answering(CLIENT, SERVICE, 0.0) == POD
    assert conntrack.answering(CLIENT, ("10.1.0.8", 80), 0.0) is None
    assert conntrack.answering(CLIENT, SERVICE, 0.0, "udp") is None


def test_an_answer_holds_for_a_while(tree, tracked):
    tracked()
    conntrack = Conntrack(tree.root, budget=9)
    assert conntrack.answering(CLIENT, SERVICE, 0.0) is None
    tracked(line((CLIENT, SERVICE), POD))
    assert conntrack.answering(CLIENT, SERVICE, KEPT * 0.9) is None
    assert conntrack.answering(CLIENT, SERVICE, KEPT) == POD


def test_look_ups_are_bounded_and_answers_that_are_known_cost_none(tree, tracked):
    other = (ADDRESS, 41001)
    tracked(line((CLIENT, SERVICE), POD), line((other, SERVICE), POD))
    conntrack = Conntrack(tree.root, budget=1)
    assert conntrack.answering(CLIENT, SERVICE, 0.0) == POD
    assert conntrack.answering(other, SERVICE, 0.0) is None
    assert conntrack.answering(CLIENT, SERVICE, 1.0) == POD
    conntrack.refill()
    assert conntrack.answering(other, SERVICE, 0.0) == POD


def test_a_machine_that_tracks_nothing(tree, tracked):
    assert Conntrack(tree.root, budget=1).answering(CLIENT, SERVICE, 0.0) is None


@contextmanager
def rewritten():
    """A process in a network namespace where a rule rewrites connections, and the ports of two that it has."""
    if os.geteuid() != 0 or not shutil.which("nft") or not shutil.which("unshare"):
        pytest.skip("needs root and nft (nftables) to rewrite connections")
    asked = ["unshare", "--net", sys.executable, "-c", REWRITTEN]
    with subprocess.Popen(asked, stdin=-1, stdout=-1, text=True) as process:
        ports = process.stdout.readline().split()
        if not ports:
            pytest.skip("this kernel has no rules that rewrite connections (nf_tables, nf_nat)")
        yield process.pid, *map(int, ports)
        process.stdin.close()


def test_the_kernel_of_this_machine_is_asked(tree):
    with rewritten() as (pid, port, plain):
        tree.link("proc/1/ns", f"/proc/{pid}/ns")
        looked_up(Conntrack(tree.root, budget=9), port, plain)


def test_the_table_of_this_machine_is_read(tree):
    with rewritten() as (pid, port, plain):
        table = Path(f"/proc/{pid}/net/nf_conntrack")
        if not table.exists():
            pytest.skip("this kernel has no /proc/net/nf_conntrack")
        tree.link("proc/1/net/nf_conntrack", table)
        looked_up(Conntrack(tree.root, budget=9), port, plain)


def looked_up(conntrack, port, plain):
    assert conntrack.answering((ADDRESS, port), SERVICE, 0.0) == (ADDRESS, 8080)
    assert conntrack.answering((ADDRESS, plain), (ADDRESS, 8080), 0.0) is None
    assert conntrack.answering((ADDRESS, 1), SERVICE, 0.0) is None
    assert conntrack.answering((ADDRESS, 1), ("::1", 80), 0.0) is None
    conntrack.close()
