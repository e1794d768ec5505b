"""Children that cannot outlive the demo."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import psutil

from causely_core.services.demo.process import child

FOREVER = "import time\nprint('up', flush=True)\nwhile True: time.sleep(60)"
GRANDCHILD = f"""
import subprocess, sys
grandchild = subprocess.Popen([sys.executable, "-c", {FOREVER!r}], stdout=subprocess.DEVNULL)
print(grandchild.pid, flush=True)
grandchild.wait()
"""
PARENT = f"""
import sys, time
from pathlib import Path
from causely_core.services.demo.process import child
with child([sys.executable, "-c", {FOREVER!r}], Path(sys.argv[1]), {{}}) as process:
    print(process.pid, flush=True)
    time.sleep(60)
"""


def gone(pid):
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    return True


def wait_gone(pid):
    deadline = time.monotonic() + 20.0
    while not gone(pid):
        assert time.monotonic() < deadline, f"process {pid} lives on"
        time.sleep(0.02)


def test_its_output_is_read_and_its_errors_are_kept(tmp_path):
    say = "import os, sys; print(os.environ['GREETING']); print('oh', file=sys.stderr)"
    with child([sys.executable, "-c", say], tmp_path / "log", {"GREETING": "hello"}) as process:
        assert process.stdout.readline() == "hello\n"
        process.wait(20.0)
    assert (tmp_path / "log").read_text() == "oh\n"


def test_it_is_ended_with_the_block(tmp_path):
    with child([sys.executable, "-c", FOREVER], tmp_path / "log", {}) as process:
        assert process.stdout.readline() == "up\n"
        assert not gone(process.pid)
    assert process.returncode == -signal.SIGTERM
    assert process.stdout.closed


def test_its_own_children_are_ended_as_well(tmp_path):
    with child([sys.executable, "-c", GRANDCHILD], tmp_path / "log", {}) as process:
        grandchild = int(process.stdout.readline())
    wait_gone(grandchild)


def test_an_error_inside_ends_it_as_well(tmp_path):
    with suppress(RuntimeError), child([sys.executable, "-c", FOREVER], tmp_path / "log", {}) as process:
        raise RuntimeError
    assert process.returncode == -signal.SIGTERM


def test_it_does_not_outlive_a_killed_parent(tmp_path):
    command = [sys.executable, "-c", PARENT, str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        pid = int(parent.stdout.readline())
        assert not gone(pid)
        os.kill(parent.pid, signal.SIGKILL)
    wait_gone(pid)
