"""Processes are read once, and again when they are others."""

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from causely_core.host import HostRoot, Processes
from causely_core.host.stat import parse_stat


def test_this_process():
    me = Processes(HostRoot()).of(os.getpid())
    assert me.pid == os.getpid()
    assert me.parent == os.getppid()
    assert Path(me.executable).samefile(sys.executable)
    assert me.directory == str(Path.cwd())


def test_all_that_run_now_are_told_with_their_numbers():
    found = {process.pid: stat for process, stat in Processes(HostRoot()).running()}
    mine = found[os.getpid()]
    assert mine.resident > 1 << 20
    assert mine.cpu_seconds > 0
    assert mine.threads >= 1


def test_a_process_that_has_ended_is_nobody():
    processes = Processes(HostRoot())
    with subprocess.Popen(["sleep", "60"]) as child:
        assert processes.of(child.pid).parent == os.getpid()
        child.kill()
    assert processes.of(child.pid) is None


def test_a_process_that_executes_another_program_is_read_again():
    processes = Processes(HostRoot())
    command = ("sh", "-c", "echo ready; read x; exec cat")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"ready\n"
        before = processes.of(child.pid)
        assert before.arguments == command
        child.stdin.write(b"go\nread\n")
        child.stdin.flush()
        assert child.stdout.readline() == b"read\n"
        after = processes.of(child.pid)
        child.stdin.close()
    assert after.arguments == ("cat",)
    assert after.started == before.started


def test_one_that_is_known_is_not_read_again(tree):
    tree.process(5, "/bin/a")
    processes = Processes(tree.root)
    first = processes.of(5)
    tree.write("proc/5/cmdline", "other\0")
    assert processes.of(5) is first
    tree.process(5, "/bin/b", started=9)
    assert processes.of(5).executable == "/bin/b"


def test_threads_of_the_kernel_are_nobody(tree):
    tree.stat(2, "kthreadd", flags=0x00208040)
    assert Processes(tree.root).of(2) is None
    assert Processes(tree.root).running() == []


def test_those_that_ended_are_forgotten_and_zombies_not_told(tree):
    tree.process(5, "/bin/a")
    processes = Processes(tree.root)
    first = processes.of(5)
    tree.stat(5, "a", state="Z", started=5, image=0)
    assert processes.of(5) is first
    assert processes.running() == []
    tree.process(5, "/bin/a")
    assert processes.of(5) is not first


def test_no_more_are_kept_than_the_limit(tree):
    for pid in (5, 6, 7):
        tree.process(pid, "/bin/a")
    processes = Processes(tree.root, limit=2)
    first, last = processes.of(5), [processes.of(pid) for pid in (6, 7)][-1]
    assert processes.of(7) is last
    assert processes.of(5) is not first


def test_of_the_environment_only_the_service_is_kept(tree):
    tree.process(
        5,
        "/bin/a",
        OTEL_SERVICE_NAME="cart",
        OTEL_RESOURCE_ATTRIBUTES="service.name=x,service.namespace=a%20b",
        PASSWORD="hush",
    )
    process = Processes(tree.root).of(5)
    assert (process.declared.service, process.declared.namespace) == ("cart", "a b")
    assert "hush" not in repr(process)


def test_the_name_may_be_among_the_attributes_of_the_resource(tree):
    tree.process(5, "/bin/a", OTEL_RESOURCE_ATTRIBUTES="deployment.environment.name=x, service.name = cart")
    assert Processes(tree.root).of(5).declared.service == "cart"


def test_a_command_line_may_hold_secrets_and_is_not_shown(tree):
    tree.process(5, "/bin/a", "--password=hush")
    assert "hush" not in repr(Processes(tree.root).of(5))


NUMBERS = st.integers(0, 2**63)


@given(st.binary(max_size=15), st.lists(NUMBERS, min_size=24, max_size=49))
def test_a_name_may_hold_anything(name, numbers):
    line = b"7 (" + name + b") S " + " ".join(map(str, [1, *numbers])).encode()
    stat = parse_stat(line)
    assert (stat.pid, stat.parent, stat.name) == (7, 1, name.decode(errors="replace"))
    assert stat.started == numbers[17]
    assert stat.threads == numbers[15]


@given(st.binary())
def test_anything_can_be_read_as_numbers_of_a_process(content):
    parse_stat(content)
