"""The example of a plugin, as a stranger uses it: its own tests, then installed from an index and loaded by a mediator.

The commands are those of the chart's init container and of the mediator's container, run as their user.
"""

from __future__ import annotations

import functools
import hashlib
import http.server
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
import pytest
import yaml

from causely_core.services.demo.stack import free_ports

EXAMPLE = Path(__file__).parents[2] / "examples" / "causely-plugin-example"
USER = 10001
DEADLINE = 60.0
# The interpreter may lie in root's home: all may be read, as in an image, and nothing written.
CAPABILITY = "+dac_read_search"
AS_USER = [
    *("setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--no-new-privs"),
    *(f"--inh-caps={CAPABILITY}", f"--ambient-caps={CAPABILITY}"),
]


def test_its_own_tests_pass():
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(EXAMPLE)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(EXAMPLE / "src"), os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def index():
    """The address of an index that has the plugin, and the hash of its wheel."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder, "simple", "causely-plugin-example")
        subprocess.run(
            [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", project, EXAMPLE],
            check=True,
        )
        [wheel] = project.iterdir()
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield (
                f"http://127.0.0.1:{server.server_port}/simple",
                f"sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}",
            )
            server.shutdown()


@pytest.fixture
def pod(index):
    """What a pod of the mediator has: a configuration, and folders that its user may write."""
    with tempfile.TemporaryDirectory() as folder:
        yield Pod(Path(folder), *index)


class Pod:
    """Runs commands as the mediator's user, who can write nowhere but in ``data``, ``plugins`` and ``tmp``."""

    def __init__(self, folder, url, digest):
        self.folder, self.config = folder, folder / "causely.yaml"
        folder.chmod(0o755)
        for name in ("data", "plugins", "tmp"):
            (folder / name).mkdir()
            if os.getuid() == 0:
                os.chown(folder / name, USER, USER)
        (folder / "outbox").mkdir()
        self.admin, agents = free_ports(2)
        free = "127.0.0.1:0"
        self.extra = {
            "package": "causely-plugin-example==1.2.0",
            "hashes": [digest],
            "index_url": url,
            "components": ["mediator"],
            "config": {"folders": [str(folder / "outbox")], "interval": 0.2, "stale_after": 60},
        }
        self.content = {
            "data_dir": str(folder / "data"),
            "plugins_dir": str(folder / "plugins"),
            "admin_listen": self.admin,
            "mediator": {"agents_listen": agents, "detection_interval": 0.2},
            "plugins": {"otlp": {"grpc_endpoint": free, "http_endpoint": free}},
        }

    def command(self, *arguments):
        self.config.write_text(yaml.safe_dump({**self.content, "extra_plugins": [self.extra]}))
        command = [sys.executable, "-m", "causely_core", *arguments, "--config", str(self.config)]
        return subprocess.Popen(
            [*(AS_USER if os.getuid() == 0 else []), *command],
            env={**os.environ, "HOME": "/nonexistent", "TMPDIR": str(self.folder / "tmp")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments):
        process = self.command(*arguments)
        out, err = process.communicate(timeout=DEADLINE)
        return process.returncode, out, err

    def install(self):
        return self.run("plugins", "install", "--component", "mediator")


def test_it_is_installed_from_an_index_and_what_it_collects_arrives_in_the_mediator(pod):
    status, out, err = pod.install()
    assert (status, err) == (0, "")
    assert out == f"installed causely-plugin-example 1.2.0 in {pod.folder / 'plugins'}\n"
    assert not list((pod.folder / "tmp").iterdir())
    status, out, err = pod.run("config", "check", "--component", "mediator")
    assert (status, err) == (0, "")
    assert ["example", "1.2.0", "mediator", "loaded"] in [line.split() for line in out.splitlines()]
    waiting = pod.folder / "outbox" / "order"
    waiting.touch()
    os.utime(waiting, (time.time() - 90,) * 2)
    mediator = pod.command("mediator")
    try:
        wait(mediator, lambda: {"collector", "discoverer", "detector"} <= delivering(pod.admin))
        wait(mediator, lambda: 'causely_symptoms_active{component="mediator"} 1.0' in told(pod.admin, "metrics"))
        waiting.unlink()
        wait(mediator, lambda: 'causely_symptoms_active{component="mediator"} 0.0' in told(pod.admin, "metrics"))
    finally:
        mediator.kill()
        mediator.communicate()


def delivering(admin):
    """The kinds of the plugin's units that have delivered."""
    rows = httpx.get(f"http://{admin}/plugins").json()["plugins"]
    units = [unit for row in rows if row["name"] == "example" for unit in row["units"]]
    return {unit["kind"] for unit in units if unit["items"] or unit["kind"] == "detector"}


def told(admin, page):
    return httpx.get(f"http://{admin}/{page}").text


def wait(process, condition):
    deadline = time.monotonic() + DEADLINE
    while True:
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline
        try:
            if condition():
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)


def one_line(pod, status, err):
    assert err.count("\n") == 1
    assert err.startswith("causely: extra_plugins") or err.startswith("causely: plugins.example")
    assert status == os.EX_CONFIG
    return err.removeprefix("causely: ").rstrip()


def test_a_wrong_hash_is_one_line(pod):
    [right], pod.extra["hashes"] = pod.extra["hashes"], ["sha256:" + 64 * "0"]
    status, _, err = pod.install()
    assert one_line(pod, status, err) == (
        "extra_plugins: causely-plugin-example==1.2.0: a file of another hash was found, "
        f"expected {64 * '0'}, found {right.removeprefix('sha256:')}"
    )
    assert not list((pod.folder / "plugins").iterdir())


def test_a_package_that_is_not_in_the_index_is_one_line(pod):
    pod.extra["package"] = "causely-plugin-example==9.9"
    status, _, err = pod.install()
    assert one_line(pod, status, err).endswith("No matching distribution found for causely-plugin-example==9.9")


def test_a_mediator_without_it_tells_how_to_install_it(pod):
    status, _, err = pod.run("mediator")
    assert one_line(pod, status, err) == (
        "extra_plugins: not installed: causely-plugin-example==1.2.0; "
        f"run causely plugins install --config FILE --target {pod.folder / 'plugins'}"
    )


def test_a_wrong_value_fails_the_check_and_the_mediator_with_the_same_line(pod):
    assert pod.install()[0] == 0
    pod.extra["config"]["interval"] = 0
    said = [pod.run(*command) for command in (("config", "check", "--component", "mediator"), ("mediator",))]
    lines = [one_line(pod, status, err) for status, _, err in said]
    assert lines == 2 * ["plugins.example: 'interval' must be > 0: 0.0"]
    assert pod.run("config", "check", "--component", "agent")[0] == 0
