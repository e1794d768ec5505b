"""Network namespaces."""

import os
import subprocess
from pathlib import Path

import pytest

from causely_core.host import HostRoot
from causely_core.host.namespaces import look_into, network_namespaces

ROOT = HostRoot()
OWN = Path("/proc/thread-self/ns/net")


@pytest.fixture
def elsewhere():
    """A process in a network namespace of its own."""
    asked = ["unshare", "--net", "sh", "-c", "echo ready; exec cat"]
    with subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        if process.stdout.readline() != b"ready\n":
            pytest.skip("unshare --net is not allowed here")
        yield process
        process.stdin.close()


def test_processes_by_namespace(tree):
    for pid, net in ((5, 100), (6, 200), (7, 100)):
        tree.process(pid, "/bin/a", net=net)
    assert network_namespaces(tree.root, [5, 6, 7, 8]) == {100: [5, 7], 200: [6]}


def test_it_is_looked_from_within_and_nobody_stays_there(elsewhere):
    mine = network_namespaces(ROOT, [os.getpid()])
    theirs = network_namespaces(ROOT, [elsewhere.pid])
    found, problem = look_into(ROOT, theirs | mine, lambda _: OWN.readlink())
    assert problem is None
    assert found == {each: Path(f"net:[{each}]") for each in (*mine, *theirs)}
    assert network_namespaces(ROOT, [os.getpid()]) == mine
    assert str(OWN.readlink()) == f"net:[{next(iter(mine))}]"


def test_one_that_has_ended_is_left_out(elsewhere):
    theirs = network_namespaces(ROOT, [elsewhere.pid])
    elsewhere.stdin.close()
    elsewhere.wait()
    assert look_into(ROOT, theirs, str) == ({}, None)


def test_what_cannot_be_looked_at_is_told_and_the_others_are_looked_at():
    def look(namespace):
        if namespace == 1:
            raise PermissionError("not there")
        return namespace

    mine = network_namespaces(ROOT, [os.getpid()])
    found, problem = look_into(ROOT, mine | {1: [os.getpid()]}, look)
    assert found == {each: each for each in mine}
    assert isinstance(problem, PermissionError)
