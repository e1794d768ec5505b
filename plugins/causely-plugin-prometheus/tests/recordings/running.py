"""Programs that run while they are recorded."""

import os
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager

STARTS = 60.0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(*command, folder, **environment):
    """A program, which ends afterwards."""
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            env={**os.environ, **environment},
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(STARTS)


def run(*command, **more):
    """Run a command to its end, and give what it printed."""
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, timeout=STARTS, **more)
    if done.returncode:
        raise OSError(f"{words[0]}: {done.stderr.strip()}")
    return done.stdout


def until(ask):
    """Wait for a true answer; an error is none yet."""
    deadline = time.monotonic() + STARTS
    while True:
        try:
            if answer := ask():
                return answer
        except OSError:
            if time.monotonic() > deadline:
                raise
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.2)


def text_at(url):
    """Reads an exporter's text, once it has begun."""

    def read():
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.read().decode()

    until(read)
    return read


def again(do):
    """A load: does it over and over for some seconds."""

    def load(seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            do()

    return load
