"""What a watcher takes, and sheds, when connections come and go. Prints figures, asserts nothing.

    python benchmarks/churn.py [--rate 10000] [--seconds 30] [--budget 0.02]

Every connection is opened, asked one small request and closed, on loopback, so that the watcher sees both ends of it.
The load is in C and needs gcc or another cc.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from watched import Watched

CLIENTS = SERVERS = 4
SETTLES = 20.0
"""Seconds that the watcher has to take in what was left in its rings."""

SHED = ("events.lost", "connections.forgotten", "segments.lost", "entities.refused", "requests.one_of")


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=int, default=10_000, help="connections a second")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--budget", type=float, default=0.02, help="of one processor, for the watcher")
    wanted = parser.parse_args()
    with TemporaryDirectory() as folder:
        load, port = compiled(Path(folder)), free_port()
        with Watched(wanted.budget, Path(folder)) as watched:
            server = subprocess.Popen([load, "server", str(port), str(SERVERS)], env=named("churn-server"))
            try:
                listens(port)
                run(watched, [load, "client", str(port), str(wanted.rate / CLIENTS), str(wanted.seconds)])
            finally:
                server.kill()
                server.wait()


def run(watched: Watched, client: list[str]) -> None:
    """Print how it is before, while and after the clients run."""
    tell("start", watched)
    began, used, most = time.monotonic(), watched.seconds, watched.megabytes
    clients = [
        subprocess.Popen(client, env=named("churn-client"), stdout=subprocess.PIPE, text=True) for _ in range(CLIENTS)
    ]
    followed = 0
    while any(each.poll() is None for each in clients):
        most, followed = max(most, watched.megabytes), max(followed, watched.said["connections"])
        time.sleep(0.1)
    passed = time.monotonic() - began
    opened = sum(int(each.communicate()[0] or 0) for each in clients)
    print(f"{opened:,} connections, {opened / passed:,.0f} a second for {passed:.0f} s")
    print(
        f"watcher: {(watched.seconds - used) / passed:.1%} of a core, {most:.1f} MB and {followed:,} followed at most"
    )
    tell("at the end of the load", watched)
    until = time.monotonic() + SETTLES
    while time.monotonic() < until:
        time.sleep(0.1)
    tell(f"{SETTLES:.0f} s later", watched)


def tell(when: str, watched: Watched) -> None:
    """One line."""
    said = watched.said
    shed = ", ".join(f"{name} {said.get(name, 0):,}" for name in SHED)
    print(f"{when}: {watched.megabytes:.1f} MB, {said['connections']:,} followed, {said['entities']} entities; {shed}")


def compiled(folder: Path) -> str:
    """The load, compiled into ``folder``."""
    compiler = shutil.which("cc") or sys.exit("no cc, expected gcc or clang")
    source, target = Path(__file__).with_name("churn_load.c"), folder / "churn_load"
    subprocess.run([compiler, "-O2", "-o", str(target), str(source)], check=True)
    return str(target)


def named(service: str) -> dict[str, str]:
    """An environment that says whose a process is."""
    return {**os.environ, "OTEL_SERVICE_NAME": service}


def free_port() -> int:
    """Of loopback."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        return int(free.getsockname()[1])


def listens(port: int) -> None:
    """Wait until somebody does."""
    until = time.monotonic() + 10.0
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1.0).close()
        except OSError:
            if time.monotonic() > until:
                sys.exit(f"nobody listens at {port}")
            time.sleep(0.02)
        else:
            return


if __name__ == "__main__":
    main()
